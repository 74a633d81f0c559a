"""Seguimiento: whether zones are covered and still even, and where arrears and recovery lie."""

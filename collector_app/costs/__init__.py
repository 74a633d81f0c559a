"""What collecting costs the company: wages, kilometres, commissions and what is paid each month."""

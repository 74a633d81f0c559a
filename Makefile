UV := .venv/bin/uv
LOCK := pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: lock
lock:  ## Pin every requirement again, with hashes
	cd requirements && for f in uv runtime dev; do ../$(UV) $(LOCK) $$f.in -o $$f.lock || exit 1; done
	cd requirements && ../$(UV) $(LOCK) --no-deps demo.in -o demo.lock

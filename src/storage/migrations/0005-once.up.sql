-- A venue may repeat a payment, and does after a restart: it has one row, that of its first report.

create unique index funding_payments_once
  on funding_payments (run_id, venue_id, instrument_id, funding_at_ms);

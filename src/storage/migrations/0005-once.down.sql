drop index funding_payments_once;

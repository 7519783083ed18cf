-- Hypertables go with their tables, and the extension belongs to whoever runs the server.
select 1;

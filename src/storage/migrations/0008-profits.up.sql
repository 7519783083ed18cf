-- Where the profit of a trade comes from: the total is the cash that the ledger moved for it and what
-- is still held at the price of its last fill; the parts come from orders, fills and the terms of
-- the payments. What they leave is unexplained, and is to be 0.
create view trade_profits as
  with moved as (
    select fills.*, case side when 'buy' then 1 else -1 end as direction,
        coalesce(
          (select reference_price from orders where orders.run_id = fills.run_id
             and orders.client_order_id = fills.client_order_id and not fills.is_liquidation),
          price
        ) as touch
      from fills
  ),
  held as (
    select run_id, trade_id, sum(usd) as usd from (
      select run_id, trade_id,
          sum(direction * qty) * (array_agg(price order by seq desc, ordinal desc))[1] as usd
        from moved group by run_id, trade_id, instrument_id
    ) as instruments group by run_id, trade_id
  ),
  filled as (
    select run_id, trade_id, -sum(fee_usd) as fees, -sum(direction * qty * touch) as touches,
        -sum(direction * qty * (price - touch)) as slippage
      from moved group by run_id, trade_id
  ),
  terms as (
    select run_id, trade_id, amount_usd, -mark_price * funding_rate * coalesce((
        select sum(direction * qty) from moved where moved.run_id = paid.run_id
          and moved.trade_id = paid.trade_id and moved.instrument_id = paid.instrument_id
          and moved.filled_at_ms < paid.funding_at_ms
      ), 0) as usd
      from funding_payments as paid
  ),
  funding as (
    select run_id, trade_id, sum(usd) as usd,
        sum(case when abs(amount_usd - usd) <= 0.000001 then amount_usd - usd else 0 end) as rounding
      from terms group by run_id, trade_id
  ),
  cash as (
    select run_id, trade_id, sum(amount) as usd from ledger_entries
      where asset = 'USD' and account in ('wallet', 'position') group by run_id, trade_id
  ),
  parts as (
    select trades.run_id, trades.trade_id,
        coalesce(funding.usd, 0) as funding_usd,
        coalesce(filled.touches, 0) + coalesce(held.usd, 0) as basis_usd,
        coalesce(filled.slippage, 0) as slippage_usd,
        coalesce(filled.fees, 0) as fees_usd,
        coalesce(funding.rounding, 0) as rounding_usd,
        coalesce(cash.usd, 0) + coalesce(held.usd, 0) as total_usd
      from trades
        left join funding using (run_id, trade_id)
        left join filled using (run_id, trade_id)
        left join held using (run_id, trade_id)
        left join cash using (run_id, trade_id)
  )
  select run_id, trade_id, funding_usd, basis_usd, slippage_usd, fees_usd, rounding_usd,
      total_usd - funding_usd - basis_usd - slippage_usd - fees_usd - rounding_usd
        as unexplained_usd,
      total_usd
    from parts;

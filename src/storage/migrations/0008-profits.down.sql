drop view trade_profits;

drop table funding_payments;
drop table fills;
drop table orders;
drop table legs;
drop table trades;
drop table opportunities;

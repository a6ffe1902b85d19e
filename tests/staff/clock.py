"""The days that the tests of reviews go by."""

import datetime as dt

TODAY = dt.date.today()
LATER = TODAY + dt.timedelta(days=365)
EARLIER = TODAY - dt.timedelta(days=40)

#include "daemon/http/exposition.hpp"

#include <gtest/gtest.h>

namespace p2pd::http {
namespace {

TEST(Exposition, PrintsNumbersAndLabels) {
  Exposition text;
  text.gauge("p2pd_peers", "Peers.").value(std::size_t{3});
  text.counter("p2pd_refusals_total", "Refused.");
  text.value(1, {{"cause", "late"}});
  text.value(0.25, {{"cause", "crowd"}, {"side", "in"}});
  EXPECT_EQ(text.take(), "# HELP p2pd_peers Peers.\n"
                         "# TYPE p2pd_peers gauge\n"
                         "p2pd_peers 3\n"
                         "# HELP p2pd_refusals_total Refused.\n"
                         "# TYPE p2pd_refusals_total counter\n"
                         "p2pd_refusals_total{cause=\"late\"} 1\n"
                         "p2pd_refusals_total{cause=\"crowd\",side=\"in\"} 0.25\n");
}

TEST(Exposition, EscapesWhatLabelsMayHold) {
  Exposition text;
  text.gauge("p2pd_info", "Who.").value(1, {{"name", "a\"b\\c\nd"}});
  EXPECT_NE(text.take().find("{name=\"a\\\"b\\\\c\\nd\"} 1\n"), std::string::npos);
}

TEST(Exposition, AddsUpAHistogram) {
  io::Histogram histogram;
  histogram.add(std::chrono::microseconds(50));
  histogram.add(std::chrono::milliseconds(2));
  histogram.add(std::chrono::seconds(30));
  Exposition text;
  text.histogram("p2pd_lag_seconds", "Lag.", histogram);
  const std::string told = text.take();
  for (const char* const line :
       {"# TYPE p2pd_lag_seconds histogram\n", "p2pd_lag_seconds_bucket{le=\"0.0001\"} 1\n",
        "p2pd_lag_seconds_bucket{le=\"0.001\"} 1\n", "p2pd_lag_seconds_bucket{le=\"0.0025\"} 2\n",
        "p2pd_lag_seconds_bucket{le=\"10\"} 2\n", "p2pd_lag_seconds_bucket{le=\"+Inf\"} 3\n",
        "p2pd_lag_seconds_sum 30.00205\n", "p2pd_lag_seconds_count 3\n"})
    EXPECT_NE(told.find(line), std::string::npos) << line << "in\n" << told;
}

} // namespace
} // namespace p2pd::http

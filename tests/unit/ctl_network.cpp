#include "tests/unit/ctl_drawn.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

const Value nas{{"name", "nas"}, {"id", "zz"}, {"address", "192.0.2.7:7440"}};

TEST(Discover, TellsWhatAPeerShares) {
  const Value answer{{"peer", nas},
                     {"files", Value::Array{Value{{"name", "talk"},
                                                  {"id", "abc"},
                                                  {"size", 1536},
                                                  {"chunks", 1},
                                                  {"path", "2024/talk.mp4"}},
                                            Value{{"name", "x"}, {"id", "abd"}, {"size", 0}}}}};
  EXPECT_EQ(drawn(render_discover, answer, terminal), "nas at 192.0.2.7:7440 shares\n"
                                                      "NAME     SIZE  CHUNKS  ID   PATH\n"
                                                      "talk  1.5 KiB       1  abc  2024/talk.mp4\n"
                                                      "x         0 B       -  abd  -\n");
  EXPECT_EQ(drawn(render_discover, answer, piped), "talk\t1536\t1\tabc\t2024/talk.mp4\n"
                                                   "x\t0\t\tabd\t\n");
}

TEST(Discover, SaysThatAPeerSharesNothing) {
  const Value nothing{{"peer", nas}, {"files", Value::Array()}};
  EXPECT_EQ(drawn(render_discover, nothing, terminal), "nas at 192.0.2.7:7440 shares nothing\n");
  EXPECT_EQ(drawn(render_discover, nothing, piped), "");
}

TEST(Ping, TellsTheWayAndTheTimes) {
  Value answer{{"peer", nas},
               {"alive", true},
               {"via", "direct"},
               {"tracker", Value()},
               {"rtt_ms", Value::Array{0.42, 12.0}}};
  EXPECT_EQ(drawn(render_ping, answer, terminal),
            "nas at 192.0.2.7:7440 answers: 0.42 ms, 12.0 ms\n");
  EXPECT_EQ(drawn(render_ping, answer, piped), "nas\tzz\t192.0.2.7:7440\tdirect\t\t0.42,12\n");
  answer.set("via", "tracker");
  answer.set("tracker", "t:7440");
  EXPECT_EQ(drawn(render_ping, answer, terminal),
            "nas at 192.0.2.7:7440 answers through the tracker t:7440: 0.42 ms, 12.0 ms\n");
  EXPECT_EQ(drawn(render_ping, answer, piped),
            "nas\tzz\t192.0.2.7:7440\ttracker\tt:7440\t0.42,12\n");
  answer.set("rtt_ms", Value::Array());
  EXPECT_EQ(drawn(render_ping, answer, terminal), "");
}

} // namespace
} // namespace p2pd::ctl

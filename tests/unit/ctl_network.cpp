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

TEST(Watch, TellsEachEventInALine) {
  const auto line = [](const char* kind, const Value& more) {
    Value event{{"time", "2026-01-02T03:04:05Z"}, {"event", kind}};
    for (const auto& [key, value] : more.object()) event.set(key, value);
    return drawn(render_event, event, terminal).substr(22);
  };
  const Value file{{"name", "a\nb"}, {"id", "abc"}, {"size", 1536}};
  EXPECT_EQ(line("came", {{"peer", nas}}), "nas came, at 192.0.2.7:7440\n");
  EXPECT_EQ(line("left", {{"peer", nas}}), "nas left\n");
  EXPECT_EQ(line("lost", {{"peer", nas}}), "nas was lost\n");
  const Value about{{"peer", nas}, {"file", file}};
  EXPECT_EQ(line("published", about), "nas published a\\nb (1.5 KiB)\n");
  EXPECT_EQ(line("withdrawn", about), "nas withdrew a\\nb\n");
  EXPECT_EQ(line("fetched", about), "nas fetched a\\nb (1.5 KiB)\n");
  EXPECT_EQ(line("done", {{"file", file}, {"transfer", 3}, {"path", "/dl/b"}}),
            "transfer 3 of a\\nb is done: /dl/b\n");
  EXPECT_EQ(line("failed", {{"file", file}, {"transfer", 3}, {"error", "no space"}}),
            "transfer 3 of a\\nb failed: no space\n");
  EXPECT_EQ(line("danced", {{"peer", nas}}), "danced\n");
  const Value event{{"time", "T"}, {"event", "fetched"}, {"peer", nas}, {"file", file}};
  EXPECT_EQ(drawn(render_event, event, piped),
            "T\tfetched\tnas\tzz\t192.0.2.7:7440\ta\\nb\tabc\t1536\t\t\t\n");
}

} // namespace
} // namespace p2pd::ctl

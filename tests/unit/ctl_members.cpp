#include "tests/unit/ctl_drawn.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

TEST(Invite, PrintsTheTokenAlone) {
  const Value answer{{"token", "p2pd1-abc"}, {"addresses", Value::Array{"192.0.2.7:7440"}}};
  for (const Style& style : {terminal, piped})
    EXPECT_EQ(drawn(render_invite, answer, style), "p2pd1-abc\n");
}

TEST(Join, TellsHowTheTrackerStands) {
  Value answer{{"address", "t:7440"}, {"id", "zz"}, {"state", "connected"}, {"error", Value()}};
  EXPECT_EQ(drawn(render_join, answer, terminal), "t:7440 connected\n");
  EXPECT_EQ(drawn(render_join, answer, piped), "t:7440\tzz\tconnected\t\n");
  answer.set("state", "connecting");
  answer.set("error", "Connection refused");
  EXPECT_EQ(drawn(render_join, answer, terminal), "t:7440 connecting: Connection refused\n");
}

TEST(Disconnect, NamesWhatIsGone) {
  const Value answer{{"trackers", Value::Array{Value{{"address", "t:7440"}, {"id", "zz"}}}}};
  EXPECT_EQ(drawn(render_disconnect, answer, terminal),
            "t:7440 is no tracker of this peer any more\n");
  EXPECT_EQ(drawn(render_disconnect, answer, piped), "t:7440\tzz\n");
}

TEST(Moderation, SaysWhatHasBecomeOfWhom) {
  Value answer{{"name", "nas"}, {"id", "zz"}, {"state", "banned"}};
  EXPECT_EQ(drawn(render_moderated, answer, terminal), "nas (zz) is banned\n");
  EXPECT_EQ(drawn(render_moderated, answer, piped), "nas\tzz\tbanned\n");
  answer.set("name", "");
  EXPECT_EQ(drawn(render_moderated, answer, terminal), "zz is banned\n");
}

TEST(Bans, AreListed) {
  EXPECT_EQ(drawn(render_bans, {{"bans", Value::Array()}}, terminal), "nobody is banned\n");
  const Value ban{{"name", ""}, {"id", std::string(52, 'a')}, {"since", "2001-02-03T04:05:06Z"}};
  const Value answer{{"bans", Value::Array{ban}}};
  const std::string page = drawn(render_bans, answer, terminal);
  EXPECT_TRUE(page.starts_with("NAME  SINCE")) << page;
  EXPECT_TRUE(page.ends_with(" d ago  aaaaaaaa\n")) << page;
  EXPECT_EQ(drawn(render_bans, answer, piped),
            "\t2001-02-03T04:05:06Z\t" + std::string(52, 'a') + '\n');
}

TEST(Status, TellsOfBansAndOfAMissingSecret) {
  EXPECT_EQ(drawn(render_status, Value{{"member", true}, {"bans", 2}}, terminal),
            "banned      2\n");
  EXPECT_EQ(drawn(render_status, Value{{"member", true}, {"bans", 0}}, terminal), "");
  EXPECT_EQ(drawn(render_status, Value{{"member", false}}, terminal),
            "network     none yet: p2pctl join TOKEN\n");
  EXPECT_EQ(drawn(render_status, Value{{"member", false}}, piped), "member\tfalse\n");
}

TEST(Status, TellsOfStrangers) {
  const auto drawn_with = [](const Value& refused, const Style& style) {
    return drawn(render_status, Value{{"refused", refused}}, style);
  };
  EXPECT_EQ(drawn_with(Value{{"crowd", 0}, {"late", 0}, {"rate", 7}}, terminal), "");
  EXPECT_EQ(drawn_with(Value{{"late", 3}}, terminal),
            "refused     3 connections of strangers: silent or too slow\n");
  const Value several{{"address", 2}, {"replay", 1200}, {"stranger", 90}, {"requests", 5000}};
  EXPECT_EQ(drawn_with(several, terminal),
            "refused     1292 connections of strangers, most of them: a repeated first message\n");
  EXPECT_EQ(drawn_with(several, piped), "refused\t1292\treplay\n");
}

} // namespace
} // namespace p2pd::ctl

#include "daemon/control/watchers.hpp"
#include "proto/control/commands.hpp"
#include "tests/unit/control_recorded_call.hpp"

namespace p2pd::control {
namespace {

class WatchersTest : public testing::Test {
 protected:
  std::shared_ptr<RecordedCall> watch(std::initializer_list<const char*> kinds = {}) {
    Value params;
    if (kinds.size() > 0) params.set("filter", Value::Array(kinds.begin(), kinds.end()));
    const auto call = recorded_call(std::move(params));
    watchers.add(call);
    return call;
  }
  static std::string told(const RecordedCall& call) {
    std::string words;
    for (const Value& event : call.events) words += event["event"].text() + ' ';
    return words;
  }
  void tell(EventKind kind) { watchers.tell(kind, Value::Object{}); }

  std::vector<std::uint32_t> wanted;
  Watchers watchers{[this](std::uint32_t kinds) { wanted.push_back(kinds); }};
};

TEST_F(WatchersTest, TellEachWhatItAskedFor) {
  const auto all = watch();
  const auto some = watch({"came", "done"});
  tell(EventKind::came);
  tell(EventKind::left);
  tell(EventKind::done);
  EXPECT_EQ(told(*all), "came left done ");
  EXPECT_EQ(told(*some), "came done ");
  EXPECT_FALSE(all->answered());
}

TEST_F(WatchersTest, SumUpWhatIsWanted) {
  const auto one = watch({"came"});
  const auto same = watch({"came"});
  const auto two = watch({"lost"});
  EXPECT_EQ(wanted,
            (std::vector{bit(EventKind::came), bit(EventKind::came) | bit(EventKind::lost)}))
      << "only changes are told";
  two->left = true;
  watch({"came"});
  EXPECT_EQ(wanted.back(), bit(EventKind::came));
}

TEST_F(WatchersTest, RefuseAFilterThatIsNoKind) {
  const auto call = watch({"came", "comings"});
  ASSERT_TRUE(call->failure);
  EXPECT_EQ(call->failure->code, ExitCode::usage);
  EXPECT_EQ(call->failure->message, "\"comings\" is no kind of event");
  EXPECT_EQ(call->failure->remedy,
            "choose from came, left, lost, published, withdrawn, fetched, done, failed and "
            "distrusted");
  tell(EventKind::came);
  EXPECT_TRUE(call->events.empty());
  EXPECT_TRUE(wanted.empty());
}

TEST_F(WatchersTest, EndWithAReaderThatIsTooSlow) {
  const auto slow = watch(), quick = watch({"came"});
  slow->slow = true;
  tell(EventKind::came);
  ASSERT_TRUE(slow->failure);
  EXPECT_EQ(slow->failure->message, "events come faster than they are read here");
  EXPECT_EQ(told(*quick), "came ");
  EXPECT_EQ(wanted.back(), bit(EventKind::came)) << "what the slow one wanted is wanted no more";
  tell(EventKind::left);
  EXPECT_TRUE(slow->events.empty());
}

TEST_F(WatchersTest, EventsAreAsTheCommandTableDescribesThem) {
  const auto call = watch();
  proto::Notice notice{proto::NoticeKind::published, {}, {}};
  notice.peer.name = "nas";
  notice.file.emplace_back().name.bytes = "film";
  watchers.tell(notice);
  ASSERT_EQ(call->events.size(), 1U);
  const Value& event = call->events.front();
  EXPECT_EQ(misfit(*proto::find_command("watch")->event, event), std::nullopt);
  EXPECT_EQ(event["event"].text(), "published");
  EXPECT_EQ(event["peer"]["name"].text(), "nas");
  EXPECT_EQ(event["file"]["name"].text(), "film");
  EXPECT_TRUE(event["transfer"].is_null());
}

} // namespace
} // namespace p2pd::control

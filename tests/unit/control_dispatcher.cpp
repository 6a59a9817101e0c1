#include "daemon/control/dispatcher.hpp"
#include "tests/unit/control_recorded_call.hpp"

namespace p2pd::control {
namespace {

using proto::Access;

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    for (const char* command : {"pause", "transfers"})
      dispatcher.bind(command, [command](const CallPtr& call) { call->ok(command); });
  }
  // What the command is refused with; "" if its handler ran.
  std::string refusal(std::string_view command, Access granted, Value params = {}) {
    const auto call = recorded_call(std::move(params));
    dispatcher.run(command, granted, call);
    EXPECT_TRUE(call->answered());
    if (call->result) {
      EXPECT_EQ(call->result->text(), command);
    }
    code = call->failure ? call->failure->code : ExitCode::done;
    return call->failure ? call->failure->message : "";
  }

  Dispatcher dispatcher{false};
  ExitCode code = ExitCode::done;
};

TEST_F(DispatcherTest, RunsTheHandlerOfACommand) {
  EXPECT_EQ(refusal("transfers", Access::read), "");
  EXPECT_EQ(refusal("pause", Access::control, {{"transfer", "3"}}), "");
}

TEST_F(DispatcherTest, RefusesWhatIsNoCommandOfADaemon) {
  for (const char* command : {"", "no-such", "secret new", "completion"}) {
    EXPECT_EQ(refusal(command, Access::control),
              "the daemon knows no command \"" + std::string(command) + '"');
    EXPECT_EQ(code, ExitCode::usage);
  }
}

TEST_F(DispatcherTest, ReadersMayNotChangeAnything) {
  EXPECT_EQ(refusal("pause", Access::read, {{"transfer", "3"}}),
            "you may only look, and this changes something");
  EXPECT_EQ(code, ExitCode::failed);
  EXPECT_NE(refusal("transfers", Access::none), "");
}

TEST_F(DispatcherTest, NamesTheRoleThatLacksACommand) {
  EXPECT_EQ(refusal("wait", Access::control, {{"transfer", "3"}}), "this daemon is a peer");
  const auto call = recorded_call();
  Dispatcher(true).run("transfers", Access::control, call);
  ASSERT_TRUE(call->failure);
  EXPECT_EQ(call->failure->message, "this daemon is a tracker");
  EXPECT_TRUE(call->failure->remedy.starts_with("ask a peer"));
}

TEST_F(DispatcherTest, HandlersSeeOnlyParametersThatFit) {
  EXPECT_EQ(refusal("pause", Access::control), "the request does not fit: it needs \"transfer\"");
  EXPECT_EQ(code, ExitCode::usage);
  EXPECT_EQ(refusal("transfers", Access::control, {{"colour", true}}),
            "the request does not fit: it takes no \"colour\"");
}

} // namespace
} // namespace p2pd::control

#include "ctl/commands/commands.hpp"
#include "tests/unit/ctl_fake_daemon.hpp"

#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <pthread.h>

namespace p2pd::ctl {
namespace {

using proto::ControlRequest;
using proto::ExitCode;
using proto::Value;

Value fetched(std::string_view name, double seconds) {
  return {{"id", 1},
          {"name", name},
          {"path", "/dl/" + std::string(name)},
          {"size", 2'000},
          {"sources", 3},
          {"already", false},
          {"elapsed_s", seconds}};
}

TEST(Conversation, OneQuestionOneAnswer) {
  FakeDaemon daemon([](DaemonEnd& end) {
    const ControlRequest request = end.request();
    EXPECT_EQ(request.command, "files");
    EXPECT_TRUE(request.params.object().empty());
    end.ok(request.id, {{"files", Value::Array{Value{{"name", "a"}, {"size", 7}}}}});
  });
  const Outcome outcome = p2pctl({"--socket", daemon.socket(), "list"});
  EXPECT_EQ(outcome.out, "a\t7\t\t\t\t\t\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.code, 0);
}

TEST(Conversation, RequestsGoOutTogetherAndAnswersMayCross) {
  FakeDaemon daemon([](DaemonEnd& end) {
    const ControlRequest a = end.request();
    const ControlRequest b = end.request();
    const ControlRequest c = end.request();
    EXPECT_EQ(a.params["content"].text(), "a");
    EXPECT_EQ(c.params["output"].text(), "/srv/"); // of several, the destination is a folder
    EXPECT_TRUE(b.params["force"].boolean());
    end.ok(c.id, fetched("c", 2));
    end.error(a.id, {ExitCode::not_found, "\"a\" is unknown", "see \"p2pctl files\""});
    end.event(b.id, {{"stage", "fetch"}, {"done_bytes", 5}});
    end.error(b.id, {ExitCode::failed, "the disk is full", ""});
  });
  const Outcome outcome =
      p2pctl({"fetch", "a", "b", "c", "-o", "/srv", "--force", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.out, "/dl/c\t2000\t2\t1000\t3\n");
  EXPECT_EQ(outcome.err, "p2pctl: fetch: \"a\" is unknown; see \"p2pctl files\"\n"
                         "p2pctl: fetch: the disk is full\n");
  EXPECT_EQ(outcome.code, 4);
}

TEST(Conversation, JsonOfAFetchIsAnObjectForEachChangeAndOneForAll) {
  FakeDaemon daemon([](DaemonEnd& end) {
    end.request();
    end.request();
    end.event(2, {{"name", Value::name("\xff")}});
    end.ok(1, {{"name", "a"}});
    end.ok(2, {{"name", "b"}});
  });
  const Outcome outcome = p2pctl({"--json", "fetch", "a", "b", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.out, "{\"schema\":1,\"transfers\":[{\"name\":\"\xEF\xBF\xBD\"}]}\n"
                         "{\"schema\":1,\"transfers\":[{\"name\":\"a\"},{\"name\":\"b\"}]}\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(Conversation, JsonOfPausesIsOneObject) {
  FakeDaemon daemon([](DaemonEnd& end) {
    EXPECT_EQ(end.request().params["transfer"].text(), "3");
    EXPECT_EQ(end.request().params["transfer"].text(), "4");
    end.ok(1, {{"id", 3}, {"name", "a"}, {"state", "paused"}});
    end.error(2, {ExitCode::not_found, "there is no transfer 4", "see \"p2pctl transfers\""});
  });
  const Outcome outcome = p2pctl({"pause", "3", "4", "--json", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.out, "{\"schema\":1,\"transfers\":"
                         "[{\"id\":3,\"name\":\"a\",\"state\":\"paused\"}]}\n");
  EXPECT_EQ(outcome.code, 4);
}

TEST(Conversation, AWaitEndsAsAFetchDoes) {
  FakeDaemon daemon([](DaemonEnd& end) {
    EXPECT_EQ(end.request().params["transfer"].text(), "1");
    end.event(1, {{"id", 1}, {"state", "paused"}, {"error", "no space left"}});
    end.ok(1, fetched("a", 2));
  });
  const Outcome outcome = p2pctl({"wait", "1", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.out, "/dl/a\t2000\t2\t1000\t3\n");
  EXPECT_EQ(outcome.code, 0);
}

TEST(Conversation, AListThatIsTooLongForItsAnswerComesInParts) {
  FakeDaemon daemon([](DaemonEnd& end) {
    end.request();
    const auto file = [](const char* name) {
      return Value{{"name", name}, {"id", std::string(64, 'a')}, {"size", 1}};
    };
    end.event(1, {{"files", Value::Array{file("a"), file("b")}}});
    end.event(1, {{"files", Value::Array{file("c")}}});
    end.ok(1, {{"files", Value::Array{file("d")}}, {"warning", ""}});
  });
  const Outcome outcome = p2pctl({"files", "--socket", daemon.socket()});
  std::string names;
  for (std::size_t at = 0; at < outcome.out.size(); at = outcome.out.find('\n', at) + 1)
    names += outcome.out[at];
  EXPECT_EQ(names, "abcd");
  EXPECT_EQ(outcome.code, 0);
}

TEST(Conversation, AWatchPrintsEachEventAndEndsWithAnError) {
  for (const bool json : {false, true}) {
    FakeDaemon daemon([](DaemonEnd& end) {
      EXPECT_EQ(end.request().params["filter"].array().size(), 2U);
      end.event(1, {{"time", "T"}, {"event", "left"}});
      end.event(1, {{"time", "T"}, {"event", "lost"}});
      end.error(1, {ExitCode::failed, "too fast", ""});
    });
    std::vector<std::string> arguments{"watch", "--filter", "left", "--filter", "lost", "--socket"};
    arguments.push_back(daemon.socket());
    if (json) arguments.emplace_back("--json");
    const Outcome outcome = p2pctl(arguments);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, json ? "{\"schema\":1,\"time\":\"T\",\"event\":\"left\"}\n"
                                  "{\"schema\":1,\"time\":\"T\",\"event\":\"lost\"}\n"
                                : "T\tleft\t\t\t\t\t\t\t\t\t\nT\tlost\t\t\t\t\t\t\t\t\t\n");
  }
}

TEST(Conversation, JsonOfAPublishIsOneObject) {
  FakeDaemon daemon([](DaemonEnd& end) {
    const ControlRequest request = end.request();
    end.event(request.id, {{"stage", "hash"}, {"size", 9}});
    end.ok(request.id, {{"name", "x"}, {"warning", "no tracker"}});
  });
  const Outcome outcome = p2pctl({"--json", "publish", "/x", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.out,
            "{\"schema\":1,\"files\":[{\"name\":\"x\",\"warning\":\"no tracker\"}]}\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(Conversation, AWarningNamesItsFileWhereThereAreSeveral) {
  FakeDaemon daemon([](DaemonEnd& end) {
    end.request();
    end.request();
    end.ok(1, {{"name", "a"}, {"warning", ""}});
    end.ok(2, {{"name", "b"}, {"warning", "no tracker"}});
  });
  const Outcome outcome = p2pctl({"publish", "/a", "/b", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.err, "p2pctl: publish: warning: b: no tracker\n");
  EXPECT_EQ(outcome.code, 0);
}

TEST(Conversation, ErrorsAreJsonWhenAskedFor) {
  FakeDaemon daemon([](DaemonEnd& end) {
    end.error(end.request().id, {ExitCode::failed, "no", "wait"});
  });
  const Outcome outcome = p2pctl({"status", "--json", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.err, "{\"error\":{\"code\":1,\"message\":\"no\",\"remedy\":\"wait\"}}\n");
  EXPECT_EQ(outcome.code, 1);
}

TEST(Conversation, EveryErrorIsJsonWhenAskedFor) {
  const std::vector<std::vector<std::string>> lines{{"--json"},
                                                    {"--json", "dance"},
                                                    {"fetch", "--json"},
                                                    {"--json", "-i"},
                                                    {"pause", "--json", ""},
                                                    {"status", "more", "--json"},
                                                    {"--json", "-x"},
                                                    {"help", "x", "--json"},
                                                    {"--json", "--timeout", "x", "status"},
                                                    {"--json", "search"},
                                                    {"--json", "-i", "no-such", "files"}};
  for (const std::vector<std::string>& line : lines) {
    const Outcome outcome = p2pctl(line);
    EXPECT_EQ(outcome.out, "");
    const std::string code = std::to_string(outcome.code);
    EXPECT_TRUE(outcome.err.starts_with("{\"error\":{\"code\":" + code + ",\"message\":\""))
        << outcome.err;
    EXPECT_TRUE(outcome.err.ends_with("\"}}\n")) << outcome.err;
    EXPECT_NE(outcome.err.find("\",\"remedy\":\""), std::string::npos) << outcome.err;
  }
}

TEST(Conversation, ErrorsOfTheDaemonCannotSteerTheTerminal) {
  FakeDaemon daemon([](DaemonEnd& end) {
    end.error(end.request().id, {ExitCode::failed, "\x1b[2J\nok", ""});
  });
  EXPECT_EQ(p2pctl({"status", "--socket", daemon.socket()}).err, "p2pctl: status: \\x1b[2J\\nok\n");
}

TEST(Conversation, ShutdownWaitsUntilTheDaemonHasGone) {
  bool gone = false;
  FakeDaemon daemon([&](DaemonEnd& end) {
    end.ok(end.request().id, Value::Object());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    gone = true;
  });
  EXPECT_EQ(p2pctl({"shutdown", "--socket", daemon.socket()}).code, 0);
  EXPECT_TRUE(gone);
}

TEST(Conversation, TimesOutAfterTheTimeAllowed) {
  FakeDaemon daemon([](DaemonEnd& end) {
    while (end.request().id != 0) {
    }
  });
  const Outcome outcome = p2pctl({"status", "--timeout", "0.05", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_EQ(outcome.err, "p2pctl: status: the daemon did not answer in time; its log says more; or "
                         "allow more time with --timeout\n");
}

TEST(Conversation, CtrlCSaysThatTheTransferGoesOn) {
  FakeDaemon daemon([caller = ::pthread_self()](DaemonEnd& end) {
    end.request();
    end.request();
    end.ok(1, fetched("a", 1));
    end.event(2, {{"id", 7}, {"state", "running"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ::pthread_kill(caller, SIGINT);
    end.request();
  });
  const Outcome outcome = p2pctl({"fetch", "a", "b", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.out, "/dl/a\t2000\t1\t2000\t3\n");
  EXPECT_EQ(outcome.err, "p2pctl: fetch: interrupted: transfer 7 goes on in the daemon; \"p2pctl "
                         "wait 7\" follows it, \"p2pctl cancel 7\" ends it\n");
}

TEST(Conversation, WhatGoesOnIsNamedAsFarAsItIsKnown) {
  EXPECT_EQ(aftermath_of_fetch({}).message, "what the daemon has begun goes on there");
  const Aftermath two = aftermath_of_fetch({Value{{"id", 7}}, Value{{"id", 9}}});
  EXPECT_EQ(two.message, "transfers 7 9 go on in the daemon");
  EXPECT_EQ(two.remedy, "\"p2pctl wait 7 9\" follows them, \"p2pctl cancel 7 9\" ends them");
}

TEST(Conversation, ADaemonThatDiesIsAnError) {
  FakeDaemon daemon([](DaemonEnd& end) { end.request(); });
  const Outcome outcome = p2pctl({"status", "--socket", daemon.socket()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "p2pctl: status: the daemon went away before it answered; its log says "
                         "why; \"p2pctl status\" tells whether it is back\n");
}

TEST(Conversation, NonsenseIsAnError) {
  const std::vector<std::function<void(DaemonEnd&)>> scripts{
      [](DaemonEnd& end) {
        end.raw(proto::Bytes{0, 0, 0, 0});
      },
      [](DaemonEnd& end) {
        end.raw(proto::Bytes{0xff, 0xff, 0xff, 0xff});
      },
      [](DaemonEnd& end) {
        end.raw(proto::Bytes{0, 0, 0, 1, 0xc1});
      },
      [](DaemonEnd& end) { end.ok(0, Value::Object()); },
      [](DaemonEnd& end) { end.ok(2, Value::Object()); },
      [](DaemonEnd& end) { end.ok(1, 5); },
      [](DaemonEnd& end) { end.send(1, proto::ReplyKind::error, "no"); }};
  for (const auto& script : scripts) {
    FakeDaemon daemon([&](DaemonEnd& end) {
      end.request();
      script(end);
      end.request();
    });
    const Outcome outcome = p2pctl({"status", "--socket", daemon.socket()});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(outcome.err.starts_with("p2pctl: status: the daemon's answer is not understood: "))
        << outcome.err;
  }
}

// Both sides have more to say than a socket holds: whoever wrote all before reading would hang.
TEST(Conversation, ManyRequestsAndAnswersDoNotBlockEachOther) {
  constexpr std::size_t count = 3'000;
  FakeDaemon daemon([](DaemonEnd& end) {
    for (std::uint64_t id = 1; id <= count; ++id) {
      end.request();
      for (int i = 0; i < 4; ++i)
        end.event(id, {{"stage", "hash"}, {"name", std::string(90, 'n')}});
      end.ok(id, {{"name", "n"}});
    }
  });
  std::vector<std::string> arguments{"--socket", daemon.socket(), "publish"};
  for (std::size_t i = 0; i < count; ++i) arguments.push_back('/' + std::string(200, 'p'));
  const Outcome outcome = p2pctl(arguments);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), static_cast<std::ptrdiff_t>(count));
}

TEST(Reach, NoDaemonSaysHowToStartOne) {
  const Outcome outcome = p2pctl({"--socket", "/nowhere/p2pd.sock", "status"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err, "p2pctl: status: no daemon answers at /nowhere/p2pd.sock (No such file or "
                         "directory); start it with \"systemctl start p2pd\", or run \"p2pd\" as a "
                         "user; \"journalctl -u p2pd\" tells why it ended\n");
  const Outcome other = p2pctl({"-i", "none-such", "status"});
  EXPECT_EQ(other.code, 3);
  EXPECT_NE(other.err.find("systemctl start p2pd@none-such"), std::string::npos);
}

TEST(Reach, TheEnvironmentNamesTheSocket) {
  FakeDaemon daemon([](DaemonEnd& end) { end.ok(end.request().id, {{"role", "peer"}}); });
  ::setenv("P2PCTL_SOCKET", daemon.socket().c_str(), 1);
  EXPECT_EQ(p2pctl({"status"}).out, "role\tpeer\n");
  ::unsetenv("P2PCTL_SOCKET");
}

TEST(Reach, ASocketPathHasALimit) {
  const Outcome outcome = p2pctl({"--socket", '/' + std::string(107, 'x'), "status"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("is over 107 bytes"), std::string::npos);
}

} // namespace
} // namespace p2pd::ctl

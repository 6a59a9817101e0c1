#include "tests/unit/ctl_drawn.hpp"
#include "tests/unit/ctl_fake_daemon.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

Value check(const char* name, const char* state, const char* finding, const char* remedy) {
  return {{"name", name}, {"state", state}, {"finding", finding}, {"remedy", remedy}};
}

Value answer(Value::Array checks) {
  return {{"checks", std::move(checks)}};
}

TEST(Doctor, PutsTheRemedyUnderWhatIsWrong) {
  const Value found = answer({check("socket", "ok", "/s", ""), check("clock", "warn", "odd", "a b"),
                              check("share", "fail", "it is not there", "make it")});
  Style narrow = terminal;
  narrow.columns = 30;
  EXPECT_EQ(drawn(render_doctor, found, narrow), "ok    socket        /s\n"
                                                 "warn  clock         odd\n"
                                                 "                    -> a b\n"
                                                 "fail  share         it is not\n"
                                                 "                    there\n"
                                                 "                    -> make\n"
                                                 "                       it\n"
                                                 "one thing is wrong\n");
  EXPECT_EQ(drawn(render_doctor, found, piped), "socket\tok\t/s\t\nclock\twarn\todd\ta b\n"
                                                "share\tfail\tit is not there\tmake it\n");
}

TEST(Doctor, EndsWith1WhereSomethingIsWrong) {
  const auto code = [](Value::Array checks) {
    FakeDaemon daemon([&](DaemonEnd& end) { end.ok(end.request().id, answer(checks)); });
    return p2pctl({"doctor", "--socket", daemon.socket()}).code;
  };
  EXPECT_EQ(code({check("clock", "ok", "", "")}), 0);
  EXPECT_EQ(code({check("clock", "warn", "odd", "mend it")}), 0);
  EXPECT_EQ(code({check("clock", "warn", "odd", ""), check("share", "fail", "gone", "")}), 1);
}

TEST(Doctor, SaysWhyNoDaemonAnswers) {
  const Outcome outcome = p2pctl({"doctor", "--socket", "/no/such.sock"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(outcome.out.starts_with("socket\tfail\tno daemon answers at /no/such.sock ("));
  EXPECT_NE(outcome.out.find("\tstart it with \"systemctl start p2pd\""), std::string::npos);
  FakeDaemon silent([](DaemonEnd& end) {
    while (end.request().id != 0) {
    }
  });
  const Outcome late = p2pctl({"doctor", "--timeout", "0.05", "--socket", silent.socket()});
  EXPECT_EQ(late.code, 1);
  EXPECT_TRUE(late.out.starts_with("socket\tfail\tthe daemon did not answer in time\t"));
}

TEST(Doctor, AnErrorOfUsageIsNoFinding) {
  EXPECT_EQ(p2pctl({"doctor", "--socket", "/s", "-i", "x"}).code, 2);
  EXPECT_EQ(p2pctl({"doctor", "me"}).code, 2);
}

} // namespace
} // namespace p2pd::ctl

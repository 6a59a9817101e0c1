#include "ctl/base/arguments.hpp"
#include "ctl/base/failure.hpp"
#include "ctl/base/params.hpp"
#include "ctl/base/usage.hpp"
#include "ctl/commands/handlers.hpp"

#include <filesystem>
#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using Words = std::vector<std::string>;

Invocation parsed(const Words& words) {
  return parse(find_command_on(words));
}

// What p2pctl says to a line that it refuses: "message; remedy".
std::string refusal(const Words& words) {
  try {
    parsed(words);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().code, proto::ExitCode::usage);
    return failure.error().message + "; " + failure.error().remedy;
  }
  return "";
}

TEST(Arguments, GlobalOptionsStandOnEitherSide) {
  const Invocation invocation =
      parsed({"-i", "tracker", "--json", "files", "--timeout", "1.5", "--no-color"});
  EXPECT_EQ(invocation.command->name, "files");
  EXPECT_EQ(invocation.globals.instance, "tracker");
  EXPECT_TRUE(invocation.globals.json);
  EXPECT_TRUE(invocation.globals.no_color);
  EXPECT_EQ(invocation.globals.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(parsed({"files", "--timeout", "0"}).globals.timeout, std::chrono::milliseconds(0));
}

TEST(Arguments, ARequestForEachContent) {
  const Invocation invocation = parsed({"fetch", "a", "-o", "/x/../y/", "files", "--force"});
  ASSERT_EQ(invocation.requests.size(), 2U);
  EXPECT_EQ(invocation.labels, (Words{"a", "files"}));
  EXPECT_EQ(invocation.requests[1]["content"].text(), "files"); // no command here
  EXPECT_EQ(invocation.requests[0]["output"].text(), "/y/");
  EXPECT_TRUE(invocation.requests[0]["force"].boolean());
  for (const proto::Value& request : invocation.requests)
    EXPECT_FALSE(proto::misfit(*invocation.command, request));
}

TEST(Arguments, NamesMayLookLikeAnything) {
  const Invocation invocation =
      parsed({"fetch", "[a,b]", "a=b", "--", "--json", "-x", "--", "++", "\xff"});
  EXPECT_EQ(invocation.labels, (Words{"[a,b]", "a=b", "--json", "-x", "--", "++", "\xff"}));
  EXPECT_FALSE(invocation.globals.json);
  EXPECT_EQ(parsed({"publish", "a", "--name", "--x"}).requests[0]["name"].text(), "--x");
}

TEST(Arguments, ValuesAreTyped) {
  const proto::Value request = parsed({"publish", "x/./y", "--chunk-size=64 KiB"}).requests.front();
  EXPECT_EQ(request["chunk-size"].natural(), 65'536U);
  EXPECT_EQ(request["path"].text(), std::filesystem::current_path().string() + "/x/y");
  const proto::Value limit = parsed({"limit", "--up", "50 MB/s", "--down", "0"}).requests.front();
  EXPECT_EQ(limit["up"].natural(), 50'000'000U);
  EXPECT_EQ(limit["down"].natural(), 0U);
  const proto::Value fetch = parsed({"fetch", "x", "--only", "a*", "--only=b"}).requests.front();
  EXPECT_EQ(fetch["only"], (proto::Value::Array{"a*", "b"}));
}

TEST(Arguments, HelpIsACommandAndAnOption) {
  EXPECT_EQ(parsed({"--help"}).command->name, "help");
  EXPECT_EQ(parsed({"fetch", "-h"}).requests[0]["command"].text(), "fetch");
  EXPECT_EQ(parsed({"--help", "fetch"}).requests[0]["command"].text(), "fetch");
  EXPECT_EQ(parsed({"help", "secret", "new"}).requests[0]["command"].text(), "secret new");
  EXPECT_EQ(parsed({"secret", "new", "--help"}).requests[0]["command"].text(), "secret new");
  EXPECT_TRUE(parsed({"fetch", "--version"}).globals.version);
  EXPECT_EQ(parsed({}).command, nullptr);
}

TEST(Arguments, RefusalsNameCauseAndRemedy) {
  EXPECT_EQ(refusal({"statsu"}), "there is no command \"statsu\"; did you mean \"status\"?");
  EXPECT_EQ(refusal({"secret"}), "there is no command \"secret\"; did you mean \"secret new\"?");
  EXPECT_EQ(refusal({"zzz"}), "there is no command \"zzz\"; \"p2pctl help\" lists them");
  EXPECT_EQ(refusal({""}), "there is no command \"\"; \"p2pctl help\" lists them");
  EXPECT_EQ(refusal({"--jsn", "files"}), "there is no option \"--jsn\"; did you mean --json?");
  EXPECT_EQ(refusal({"files", "-q"}), "there is no option \"-q\"; see \"p2pctl help files\"");
  EXPECT_EQ(refusal({"fetch", "-q"}),
            "there is no option \"-q\"; see \"p2pctl help fetch\"; a name that begins with \"-\" "
            "stands behind \"--\"");
  EXPECT_EQ(refusal({"fetch"}),
            "it needs CONTENT; usage: p2pctl fetch CONTENT... [-o PATH] [--from PEER]... "
            "[--only GLOB]... "
            "[--in-order] [--detach] [--force] [--no-wait]");
  EXPECT_EQ(refusal({"files", "x"}), "it takes no \"x\"; usage: p2pctl files");
  EXPECT_EQ(refusal({"fetch", "a", "-o"}), "-o needs a value; see \"p2pctl help fetch\"");
  EXPECT_EQ(refusal({"publish", "--name=", "a"}), "--name is empty; name a value, or leave it out");
  EXPECT_EQ(refusal({"publish", ""}), "PATH is empty; name one, or leave it out");
  EXPECT_EQ(refusal({"fetch", "a", "--force=no"}), "--force takes no value; write it alone");
  EXPECT_EQ(refusal({"publish", "a", "--name", "x", "--name", "y"}),
            "--name is given twice; write it once");
  EXPECT_TRUE(refusal({"publish", "a", "--chunk-size", "3 XB"})
                  .starts_with("--chunk-size: \"3 XB\" has the unknown unit \"XB\""));
  EXPECT_TRUE(refusal({"limit", "--up", "50"}).starts_with("--up: \"50\" is not a rate"));
  for (const char* time : {"x", "-1", "1s", "nan", "inf", "1e99", ""})
    EXPECT_TRUE(refusal({"files", "--timeout", time}).starts_with("--timeout is")) << time;
}

TEST(Arguments, JsonIsSeenOnALineThatIsRefused) {
  EXPECT_TRUE(asks_for_json({"statsu", "--json"}));
  EXPECT_FALSE(asks_for_json({"fetch", "--", "--json"}));
}

TEST(Arguments, PathsAreResolvedByTheirSpelling) {
  EXPECT_EQ(absolute_path("/a/./b//../c"), "/a/c");
  EXPECT_EQ(absolute_path("/a/b/.."), "/a/");
  EXPECT_EQ(absolute_path("d/"), std::filesystem::current_path().string() + "/d/");
}

TEST(Handlers, EveryCommandHasOne) {
  EXPECT_EQ(handlers().size(), proto::commands().size());
  for (const proto::Command& command : proto::commands()) {
    const Handler& handler = handler_of(command.name);
    EXPECT_NE(handler.render != nullptr, handler.take_over != nullptr) << command.name;
    EXPECT_EQ(handler.local != nullptr || handler.take_over != nullptr,
              command.runs == proto::Runs::without_daemon)
        << command.name;
  }
}

TEST(Globals, OfAShellCountWhereALineHasNone) {
  Globals shell;
  shell.instance = "one";
  shell.json = true;
  shell.timeout = std::chrono::seconds(5);
  const Globals bare = with_defaults({}, shell);
  EXPECT_EQ(bare.instance, "one");
  EXPECT_TRUE(bare.json);
  EXPECT_EQ(bare.timeout, shell.timeout);
  const Globals named =
      with_defaults(parse(find_command_on({"status", "--socket", "/s"})).globals, shell);
  EXPECT_EQ(named.socket, "/s");
  EXPECT_EQ(named.instance, "");
}

} // namespace
} // namespace p2pd::ctl

#include "ctl/complete/complete.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;
using Words = std::vector<std::string>;

Value file(const char* name, const char* id, const char* publisher) {
  const Value::Array publishers{Value{{"name", publisher}, {"id", "p"}, {"address", "a"}}};
  return {{"name", Value::name(name)}, {"id", id}, {"size", 1024}, {"publishers", publishers}};
}

Value transfer(const char* id, const char* state) {
  return {{"id", id}, {"name", "debian.iso"}, {"state", state}};
}

// What a daemon knows, and how it was asked for it last.
struct Daemon {
  std::string socket, command;

  Value operator()(const Globals& daemon, std::string_view name, const Value&) {
    socket = daemon.socket;
    command = name;
    if (name == "files" || name == "search")
      return {{"files",
               Value::Array{file("debian.iso", "3fa1", "nas"), file("two", "a1", "nas"),
                            file("two", "b2", "b 7"), file("-x", "c3", "nas"),
                            file("new\nline", "d4", "nas"), file("no \xff text", "e5", "nas")}}};
    if (name == "peers")
      return {{"peers", Value::Array{Value{{"name", "nas"}, {"id", "qq"}, {"address", "h:1"}},
                                     Value{{"name", "twin"}, {"id", "rr"}, {"address", "h:2"}},
                                     Value{{"name", "twin"}, {"id", "ss"}, {"address", "h:3"}}}}};
    if (name == "bans")
      return {{"bans", Value::Array{Value{{"name", "crook"}, {"id", "tt"}},
                                    Value{{"name", ""}, {"id", "uu"}}}}};
    if (name == "transfers")
      return {{"transfers", Value::Array{transfer("1", "done"), transfer("2", "running"),
                                         transfer("3", "paused"), transfer("10", "failed")}}};
    return {};
  }
};

Words offered(const Words& words, Daemon& daemon) {
  const Completions found = complete(words, std::ref(daemon));
  if (found.paths) return {"PATHS"};
  Words texts;
  for (const Candidate& candidate : found.candidates) texts.push_back(candidate.text);
  return texts;
}

Words offered(const Words& words) {
  Daemon daemon;
  return offered(words, daemon);
}

TEST(Complete, Commands) {
  EXPECT_EQ(offered({"unp"}), Words{"unpublish"});
  EXPECT_EQ(offered({"li"}), (Words{"limit", "list"}));
  EXPECT_EQ(offered({"sec"}), Words{"secret"});
  EXPECT_EQ(offered({"secret", ""}), Words{"new"});
  EXPECT_EQ(offered({"--json", "-i", "fetch", "unp"}), Words{"unpublish"});
  EXPECT_EQ(offered({"help", "unp"}), Words{"unpublish"});
  EXPECT_EQ(offered({"nonsense", ""}), Words());
  EXPECT_EQ(offered({"status", ""}), Words());
}

TEST(Complete, Options) {
  EXPECT_EQ(offered({"fetch", "--no-"}), (Words{"--no-color", "--no-wait"}));
  EXPECT_EQ(offered({"--no-"}), Words{"--no-color"});
  EXPECT_EQ(offered({"fetch", "--", "--no-"}), Words());
  EXPECT_EQ(offered({"completion", "z"}), Words{"zsh"});
  EXPECT_EQ(offered({"log-level", "d"}), Words{"debug"});
  EXPECT_EQ(offered({"watch", "--filter", "fa"}), Words{"failed"});
  EXPECT_EQ(offered({"watch", "--filter=fa"}), Words{"--filter=failed"});
  EXPECT_EQ(offered({"watch", "--nonsense=fa"}), Words());
}

TEST(Complete, Paths) {
  EXPECT_EQ(offered({"publish", ""}), Words{"PATHS"});
  EXPECT_EQ(offered({"fetch", "x", "-o", "y"}), Words{"PATHS"});
  EXPECT_EQ(offered({"fetch", "x", "--output=y"}), Words{"PATHS"});
  EXPECT_EQ(offered({"--socket", ""}), Words{"PATHS"});
}

TEST(Complete, ContentsByWhatTellsThemApart) {
  EXPECT_EQ(offered({"fetch", ""}), (Words{"c3", "d4", "debian.iso", "e5", "two@b 7", "two@nas"}));
  EXPECT_EQ(offered({"fetch", "deb"}), Words{"debian.iso"});
  EXPECT_EQ(offered({"fetch", "3f"}), Words{"3fa1"});
  EXPECT_EQ(offered({"fetch", "debian.iso", "d"}), Words{"d4"});
  EXPECT_EQ(offered({"chunks", "debian.iso", "d"}), Words());
}

TEST(Complete, PeersByWhatTellsThemApart) {
  EXPECT_EQ(offered({"ping", ""}), (Words{"nas", "rr", "ss"}));
  EXPECT_EQ(offered({"ping", "q"}), Words{"qq"});
  EXPECT_EQ(offered({"fetch", "x", "--from", "n"}), Words{"nas"});
  EXPECT_EQ(offered({"fetch", "x", "--from=n"}), Words{"--from=nas"});
  EXPECT_EQ(offered({"unban", ""}), (Words{"crook", "uu"}));
}

TEST(Complete, TransfersThatTheCommandIsFor) {
  EXPECT_EQ(offered({"pause", ""}), Words{"2"});
  EXPECT_EQ(offered({"resume", ""}), (Words{"10", "3"}));
  EXPECT_EQ(offered({"resume", "3", ""}), Words{"10"});
  EXPECT_EQ(offered({"forget", ""}), (Words{"1", "10"}));
}

TEST(Complete, AsksTheDaemonThatIsNamedAndNoLargeCatalog) {
  Daemon daemon;
  offered({"--socket", "/a", "fetch", "debi"}, daemon);
  EXPECT_EQ(daemon.socket, "/a");
  EXPECT_EQ(daemon.command, "search");
  offered({"--socket=/b", "fetch", "--from=nas", "*.is"}, daemon);
  EXPECT_EQ(daemon.socket, "/b");
  EXPECT_EQ(daemon.command, "files");
}

TEST(Complete, IsSilentWithoutADaemon) {
  const Ask nobody = [](const Globals&, std::string_view, const Value&) { return Value(); };
  for (const char* command : {"fetch", "ping", "pause"})
    EXPECT_TRUE(complete(Words{command, ""}, nobody).candidates.empty()) << command;
  EXPECT_TRUE(complete(Words{}, nobody).candidates.empty());
}

} // namespace
} // namespace p2pd::ctl

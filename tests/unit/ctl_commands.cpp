#include "ctl/base/failure.hpp"
#include "proto/control/commands.hpp"
#include "tests/unit/ctl_drawn.hpp"
#include "tests/unit/ctl_fake_daemon.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

TEST(Status, TellsWhatIsKnown) {
  const Value answer{
      {"role", "peer"},
      {"name", "build-07"},
      {"uptime_s", 65},
      {"listen", Value::Array{"[::]:7440", "0.0.0.0:7440"}},
      {"trackers",
       Value::Array{
           Value{{"address", "t:7440"}, {"id", "zz"}, {"state", "connected"}, {"error", Value()}},
           Value{{"address", "10.0.0.1:7440"}, {"state", "refused"}, {"error", "other secret"}}}},
      {"totals", {{"up_bytes", 2048}, {"down_bytes", 0}}}};
  EXPECT_EQ(drawn(render_status, answer, terminal), "role        peer\n"
                                                    "name        build-07\n"
                                                    "uptime      1 min 5 s\n"
                                                    "listens on  [::]:7440\n"
                                                    "            0.0.0.0:7440\n"
                                                    "trackers    t:7440         connected\n"
                                                    "            10.0.0.1:7440  refused: other "
                                                    "secret\n"
                                                    "sent        2 KiB\n"
                                                    "received    0 B\n");
  EXPECT_EQ(drawn(render_status, answer, piped), "role\tpeer\nname\tbuild-07\nuptime_s\t65\n"
                                                 "listen\t[::]:7440\nlisten\t0.0.0.0:7440\n"
                                                 "tracker\tt:7440\tzz\tconnected\t\n"
                                                 "tracker\t10.0.0.1:7440\t\trefused\tother secret\n"
                                                 "up_bytes\t2048\ndown_bytes\t0\n");
}

TEST(Lists, SayWhenTheyAreEmptyToPeopleAlone) {
  const Value nothing{{"files", Value::Array()}};
  EXPECT_EQ(drawn(render_files, nothing, terminal), "nothing is published\n");
  EXPECT_EQ(drawn(render_search, nothing, terminal), "nothing that is published has such a name\n");
  EXPECT_EQ(drawn(render_peers, nothing, terminal), "no peers\n");
  EXPECT_EQ(drawn(render_transfers, nothing, terminal), "no transfers\n");
  EXPECT_EQ(drawn(render_files, nothing, piped), "");
}

TEST(Files, NamesThePublishers) {
  const Value answer{
      {"files", Value::Array{Value{
                    {"name", Value::name("a\nb\xff")},
                    {"size", 1536},
                    {"chunks", 1},
                    {"id", std::string(64, '3')},
                    {"sources", 2},
                    {"partial", 0},
                    {"publishers", Value::Array{Value{{"name", "nas"}}, Value{{"name", "build"}}}},
                    {"publishers_total", 25}}}}};
  EXPECT_EQ(drawn(render_files, answer, terminal),
            "NAME      SIZE  CHUNKS  ID        SOURCES  PARTIAL  PUBLISHER\n"
            "a\\nb\xEF\xBF\xBD  1.5 KiB       1  33333333        2        0  nas +24\n");
  EXPECT_EQ(drawn(render_search, answer, terminal), drawn(render_files, answer, terminal));
  EXPECT_EQ(drawn(render_files, answer, piped),
            "a\\nb\xEF\xBF\xBD\t1536\t1\t" + std::string(64, '3') + "\t2\t0\tnas,build\n");
}

TEST(Transfers, TellPeopleWhoGaveWhatAndWhatWentWrong) {
  const Value answer{
      {"transfers", Value::Array{Value{{"id", 7},
                                       {"content", "abc"},
                                       {"name", "x"},
                                       {"state", "failed"},
                                       {"done_bytes", 512},
                                       {"size", 1024},
                                       {"sources", 1},
                                       {"path", "/dl/x"},
                                       {"error", "the disk is full"},
                                       {"hook", "exit 1"},
                                       {"sources_detail",
                                        Value::Array{Value{{"name", "nas"}, {"bytes", 512}}}}}}}};
  EXPECT_EQ(
      drawn(render_transfers, answer, terminal),
      "ID  STATE   NAME   SIZE  DONE  RATE  LEFT  FROM       TO\n"
      " 7  failed  x     1 KiB   50%     -     -  nas 512 B  the disk is full (hook: exit 1)\n");
  EXPECT_EQ(drawn(render_transfers, answer, piped),
            "7\tfailed\tx\tabc\t1024\t512\t\t\t1\t/dl/x\tthe disk is full\texit 1\n");
}

TEST(Transfers, TellWhatAPausedOneWaitsFor) {
  const Value answer{{"transfers", Value::Array{Value{{"id", 8},
                                                      {"name", "x"},
                                                      {"state", "paused"},
                                                      {"done_bytes", 512},
                                                      {"size", 1024},
                                                      {"path", "/dl/x"},
                                                      {"error", "no space left"}}}}};
  EXPECT_EQ(drawn(render_transfers, answer, terminal),
            "ID  STATE   NAME   SIZE  DONE  RATE  LEFT  FROM  TO\n"
            " 8  paused  x     1 KiB   50%     -     -  -     no space left\n");
}

TEST(States, AreALineEach) {
  const std::vector<Value> answers{Value{{"id", 3}, {"name", "debian.iso"}, {"state", "paused"}},
                                   Value{{"id", 4}, {"name", "x"}, {"state", "forgotten"}}};
  EXPECT_EQ(render_state(answers, terminal), "transfer 3 (debian.iso) is paused\n"
                                             "transfer 4 (x) is forgotten\n");
  EXPECT_EQ(render_state(answers, piped), "3\tdebian.iso\tpaused\n4\tx\tforgotten\n");
}

TEST(Transfers, OnlyWhatRunsHasARate) {
  Value transfer{{"id", 8}, {"state", "paused"}, {"rate", 0}};
  EXPECT_EQ(
      drawn(render_transfers, {{"transfers", Value::Array{transfer}}}, terminal).find("0 B/s"),
      std::string::npos);
  transfer.set("state", "running");
  EXPECT_NE(
      drawn(render_transfers, {{"transfers", Value::Array{transfer}}}, terminal).find("0 B/s"),
      std::string::npos);
}

TEST(Verify, SaysThatAllIsRight) {
  Value answer{{"name", "debian.iso"}, {"id", "abc"},     {"size", 1024},
               {"chunks", 139},        {"bad_chunks", 0}, {"path", "/srv/debian.iso"}};
  EXPECT_EQ(drawn(render_verify, answer, terminal), "debian.iso: all 139 chunks are right\n");
  EXPECT_EQ(drawn(render_verify, answer, piped),
            "debian.iso\tabc\t1024\t139\t0\t/srv/debian.iso\n");
  answer.set("chunks", 1);
  EXPECT_EQ(drawn(render_verify, answer, terminal), "debian.iso: its one chunk is right\n");
}

TEST(Limit, ReadsAsItIsTyped) {
  Value answer{{"up", 50'000'000U},
               {"down", 0U},
               {"between_sites", 0U},
               {"schedule", Value()},
               {"until", Value()}};
  EXPECT_EQ(drawn(render_limit, answer, terminal), "upload 50 MB/s, download unlimited\n");
  EXPECT_EQ(drawn(render_limit, answer, piped), "50000000\t0\t0\t\t\n");
  answer.set("between_sites", 2'000'000U);
  answer.set("schedule", "Mon-Fri 08:00-18:00 upload=50MB/s");
  answer.set("until", 1'775'000'000U);
  EXPECT_TRUE(drawn(render_limit, answer, terminal)
                  .starts_with("upload 50 MB/s, download unlimited, between sites 2 MB/s; by "
                               "\"Mon-Fri 08:00-18:00 upload=50MB/s\" until "));
  EXPECT_EQ(drawn(render_limit, answer, piped),
            "50000000\t0\t2000000\tMon-Fri 08:00-18:00 upload=50MB/s\t1775000000\n");
}

TEST(Reload, TellsWhatIsInForce) {
  const Value answer{{"applied", Value::Array{"limits.upload", "peer.scrub"}},
                     {"restart", Value::Array{"node.name"}}};
  EXPECT_EQ(drawn(render_reload, answer, terminal),
            "in force now: limits.upload, peer.scrub\nwaits for a restart: node.name\n");
  EXPECT_EQ(drawn(render_reload, answer, piped),
            "applied\tlimits.upload\napplied\tpeer.scrub\nrestart\tnode.name\n");
  const Value nothing{{"applied", Value::Array{}}, {"restart", Value::Array{}}};
  EXPECT_EQ(drawn(render_reload, nothing, terminal), "nothing has changed\n");
  EXPECT_EQ(drawn(render_reload, nothing, piped), "");
}

TEST(LogLevel, IsTold) {
  EXPECT_EQ(drawn(render_log_level, {{"level", "debug"}}, terminal), "the log tells debug\n");
  EXPECT_EQ(drawn(render_log_level, {{"level", "debug"}}, piped), "debug\n");
}

TEST(Fetch, DetachedSaysHowToWait) {
  const Value answer{{"id", 7}, {"name", "debian.iso"}, {"state", "queued"}};
  EXPECT_EQ(drawn(render_fetch, answer, terminal),
            "transfer 7: debian.iso is being fetched; p2pctl wait 7 waits for it\n");
  EXPECT_EQ(drawn(render_fetch, answer, piped), "7\tdebian.iso\tqueued\n");
}

TEST(Fetch, CountsTheSourcesThatGaveSomething) {
  const Value answer{{"path", "/dl/x"},
                     {"size", 3'145'728},
                     {"elapsed_s", 2},
                     {"sources", 0},
                     {"already", false},
                     {"sources_detail",
                      Value::Array{Value{{"bytes", 9}}, Value{{"bytes", 0}}, Value{{"bytes", 1}}}}};
  EXPECT_EQ(drawn(render_fetch, answer, terminal),
            "/dl/x  3 MiB  2.00 s  1.5 MiB/s  from 2 sources\n");
  EXPECT_EQ(drawn(render_fetch, answer, piped), "/dl/x\t3145728\t2\t1572864\t2\n");
  const Value there{{"path", "/dl/x"}, {"size", 1}, {"elapsed_s", 0}, {"already", true}};
  EXPECT_EQ(drawn(render_fetch, there, terminal), "/dl/x  1 B      already there\n");
}

TEST(Fetch, SeveralContentsOrAnExistingFolderMakeTheOutputAFolder) {
  const auto output = [](std::size_t contents, const char* typed) {
    std::vector<Value> requests(contents, Value{{"output", typed}});
    prepare_fetch(requests);
    return requests.back()["output"].text();
  };
  EXPECT_EQ(output(1, "/none/such"), "/none/such");
  EXPECT_EQ(output(1, "/none/such/"), "/none/such/");
  EXPECT_EQ(output(2, "/none/such"), "/none/such/");
  EXPECT_EQ(output(1, "/tmp"), "/tmp/");
}

TEST(Publish, OneNameIsForOneFile) {
  std::vector<Value> one{Value{{"path", "/a/"}, {"name", "n"}}};
  prepare_publish(one);
  EXPECT_EQ(one.front()["path"].text(), "/a");
  std::vector<Value> two(2, one.front());
  EXPECT_THROW(prepare_publish(two), Failure);
}

TEST(Publish, PeopleGetTheWholeIdToPassOn) {
  const Value answer{{"name", "x"}, {"id", std::string(64, 'b')}, {"size", 1024}, {"chunks", 1}};
  EXPECT_EQ(drawn(render_publish, answer, terminal),
            "x  " + std::string(64, 'b') + "  1 KiB  1 chunk\n");
}

TEST(Secret, IsFreshHexDigits) {
  const Outcome first = p2pctl({"secret", "new"});
  const Outcome second = p2pctl({"secret", "new"});
  EXPECT_EQ(first.code, 0);
  EXPECT_EQ(first.out.size(), 65U);
  EXPECT_EQ(first.out.find_first_not_of("0123456789abcdef"), 64U);
  EXPECT_NE(first.out, second.out);
  EXPECT_TRUE(p2pctl({"secret", "new", "--json"}).out.starts_with("{\"schema\":1,\"secret\":\""));
}

TEST(Help, ListsAndExplains) {
  EXPECT_EQ(p2pctl({"--version"}).out, "p2pctl " P2PD_VERSION "\n");
  for (const proto::Command& command : proto::commands()) {
    const std::string name(command.name);
    EXPECT_NE(p2pctl({"help"}).out.find("\n  " + name), std::string::npos);
    const std::string page = p2pctl({"help", name}).out;
    EXPECT_TRUE(page.starts_with("p2pctl " + name)) << page;
    for (const proto::Parameter& option : command.options)
      EXPECT_NE(page.find("--" + std::string(option.name)), std::string::npos) << name;
    for (const proto::Example& example : command.examples)
      EXPECT_NE(page.find(example.line), std::string::npos) << name;
  }
  EXPECT_EQ(p2pctl({"help", "fetsh"}).code, 2);
}

TEST(Help, ABareCallIsAnsweredWithTheCommands) {
  const Outcome outcome = p2pctl({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("  fetch "), std::string::npos);
}

} // namespace
} // namespace p2pd::ctl

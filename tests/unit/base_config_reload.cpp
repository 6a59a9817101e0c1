#include "daemon/base/config_table.hpp"
#include "tests/unit/base_config_fixture.hpp"

namespace p2pd::base {
namespace {

using Names = std::vector<std::string>;

TEST(ConfigReload, NothingChanged) {
  const ConfigChanges changes = changed_keys(load("[peer]\nupload_slots = 16"), load(""));
  EXPECT_EQ(changes.reloadable, Names());
  EXPECT_EQ(changes.restart, Names());
}

TEST(ConfigReload, TellsWhatIsAppliedAndWhatWaits) {
  const Config running = load("[node]\nname = \"a\"\nsite = \"x\"\n[limits]\nmemory = \"32 MiB\"");
  const Config fresh = load("[node]\nname = \"b\"\n[peer]\nupload_slots = 3\ntrackers = [\"t:1\"]\n"
                            "[network]\nlisten = [\"127.0.0.1:1\"]");
  const ConfigChanges changes = changed_keys(running, fresh);
  EXPECT_EQ(changes.reloadable, (Names{"node.site", "peer.trackers", "peer.upload_slots"}));
  EXPECT_EQ(changes.restart, (Names{"node.name", "network.listen", "limits.memory"}));

  const Config config = reloaded(running, fresh);
  EXPECT_EQ(config.name, "a");
  EXPECT_EQ(config.site, "");
  EXPECT_EQ(config.upload_slots, 3U);
  EXPECT_EQ(config.trackers, fresh.trackers);
  EXPECT_EQ(config.memory, 32U << 20);
  EXPECT_TRUE(config.given.contains("peer.upload_slots"));
  EXPECT_FALSE(config.given.contains("node.site"));
  EXPECT_EQ(changed_keys(config, fresh).reloadable, Names());
}

// The secret belongs to the state_dir in use, and the count of connections to the role in use.
TEST(ConfigReload, ADefaultWaitsWithTheKeyThatMovedIt) {
  const ConfigChanges changes =
      changed_keys(load(""), load("[node]\nrole = \"tracker\"\nstate_dir = \"/srv/p2pd\""));
  EXPECT_EQ(changes.reloadable, Names());
  EXPECT_EQ(changes.restart, (Names{"node.role", "node.state_dir", "network.secret_file",
                                    "peer.download_dir", "limits.connections"}));
  EXPECT_EQ(changed_keys(load(""), load("[limits]\nconnections = 9")).reloadable,
            Names{"limits.connections"});
}

TEST(ConfigReload, TheTableSaysWhatTheInterfaceDoes) {
  Names waiting;
  for (const Key& key : config_keys())
    if (!key.reload) waiting.emplace_back(key.full_name);
  EXPECT_EQ(waiting,
            (Names{"node.role", "node.name", "node.state_dir", "network.listen", "control.socket",
                   "control.group", "control.readers", "peer.share", "peer.download_dir",
                   "peer.writable", "peer.download_group", "peer.download_umask", "limits.memory",
                   "http.listen", "http.behind_tls_proxy"}));
}

} // namespace
} // namespace p2pd::base

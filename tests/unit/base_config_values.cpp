#include "tests/unit/base_config_fixture.hpp"

namespace p2pd::base {
namespace {

using namespace std::chrono_literals;
using Paths = std::vector<std::filesystem::path>;
using Texts = std::vector<std::string>;

constexpr std::string_view pinned = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaq";

TEST(ConfigValues, EveryKeyIsRead) {
  const Config config = load(R"(
[node]
role = "tracker"
name = "größe-1"
site = "Berlin, 2nd floor"
state_dir = "/srv/state"
log_level = "debug"

[network]
listen = ["127.0.0.1:0", "[::1]:7441", "[fe80::1%eth0]:7442"]
advertise = ["203.0.113.9:7440", "node.example:80"]
secret_file = "/etc/p2pd/key"
previous_secret_file = "/etc/p2pd/old"
beacon = false

[control]
socket = "/run/other.sock"
group = "adm"
readers = "p2pd"

[peer]
trackers = [
  "tracker.example:7440",
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaq@[2001:db8::1]:1",
]
share = ["/srv/a", "/srv/b/"]
download_dir = "/srv/in"
writable = ["/"]
download_group = "adm"
download_umask = "007"
auto_publish = true
auto_publish_exclude = ["*.tmp", "build/*"]
auto_fetch = ["*.iso"]
fetch_max_size = "100 GB"
upload_slots = 1
scrub = 0
on_complete = ["/bin/true", ""]
on_failed = []

[limits]
upload = "50 MB/s"
download = 0
lan_exempt = true
memory = 33554432
page_cache = "1 TiB"
connections = 1_000_000

[tracker]
peer_timeout = "300ms"

[http]
listen = "0.0.0.0:7441"
behind_tls_proxy = true
)");
  EXPECT_EQ(config.role, Role::tracker);
  EXPECT_EQ(config.name, "größe-1");
  EXPECT_EQ(config.site, "Berlin, 2nd floor");
  EXPECT_EQ(config.state_dir, "/srv/state");
  EXPECT_EQ(config.log_level, log::Level::debug);
  EXPECT_EQ(config.listen,
            (std::vector<HostPort>{{"127.0.0.1", 0}, {"::1", 7441}, {"fe80::1%eth0", 7442}}));
  EXPECT_EQ(config.advertise, (std::vector<HostPort>{{"203.0.113.9", 7440}, {"node.example", 80}}));
  EXPECT_EQ(config.secret_file, "/etc/p2pd/key");
  EXPECT_EQ(config.previous_secret_file, "/etc/p2pd/old");
  EXPECT_FALSE(config.beacon);
  EXPECT_EQ(config.control_socket, "/run/other.sock");
  EXPECT_EQ(config.control_group, "adm");
  EXPECT_TRUE(config.control_group_is_named());
  EXPECT_EQ(config.control_readers, "p2pd");
  EXPECT_EQ(config.trackers,
            (std::vector<TrackerAddress>{{std::nullopt, {"tracker.example", 7440}},
                                         {proto::peer_id(pinned), {"2001:db8::1", 1}}}));
  EXPECT_EQ(config.share, (Paths{"/srv/a", "/srv/b"}));
  EXPECT_EQ(config.download_dir, "/srv/in");
  EXPECT_EQ(config.writable, Paths{"/"});
  EXPECT_EQ(config.download_group, "adm");
  EXPECT_EQ(config.download_umask, "007");
  EXPECT_TRUE(config.auto_publish);
  EXPECT_EQ(config.auto_publish_exclude, (Texts{"*.tmp", "build/*"}));
  EXPECT_EQ(config.auto_fetch, Texts{"*.iso"});
  EXPECT_EQ(config.fetch_max_size, 100'000'000'000U);
  EXPECT_EQ(config.upload_slots, 1U);
  EXPECT_EQ(config.scrub, 0s);
  EXPECT_EQ(config.on_complete, (Texts{"/bin/true", ""}));
  EXPECT_EQ(config.on_failed, Texts());
  EXPECT_EQ(config.upload_limit, 50'000'000U);
  EXPECT_EQ(config.download_limit, 0U);
  EXPECT_TRUE(config.lan_exempt);
  EXPECT_EQ(config.memory, 32U << 20);
  EXPECT_EQ(config.page_cache, std::uint64_t{1} << 40);
  EXPECT_EQ(config.connections, 1'000'000U);
  EXPECT_EQ(config.peer_timeout, 300ms);
  EXPECT_EQ(config.http_listen, (HostPort{"0.0.0.0", 7441}));
  EXPECT_TRUE(config.behind_tls_proxy);
}

TEST(ConfigValues, ATildeIsTheUsersHome) {
  const Config config = load("[peer]\nshare = [\"~\", \"~/\", \"~//etc\"]", user_environment());
  EXPECT_EQ(config.share, (Paths{"/home/ada", "/home/ada", "/home/ada/etc"}));
}

TEST(ConfigValues, AnEmptyTextMeansNone) {
  const Config config = load("[network]\nprevious_secret_file = \"\"\n"
                             "[control]\ngroup = \"\"\nreaders = \"\"\n[http]\nlisten = \"\"");
  EXPECT_EQ(config.previous_secret_file, "");
  EXPECT_EQ(config.control_group, ""); // not the default: the daemon's own was asked for
  EXPECT_FALSE(config.control_group_is_named());
  EXPECT_FALSE(config.http_listen);
}

TEST(ConfigValues, AnyWayToWriteTheSameTable) {
  EXPECT_EQ(load("peer.upload_slots = 3").upload_slots, 3U);
  EXPECT_EQ(load("peer = { upload_slots = 3 }").upload_slots, 3U);
  EXPECT_EQ(load("[\"peer\"]\n\"upload_slots\" = 0x3").upload_slots, 3U);
  EXPECT_EQ(load("\xEF\xBB\xBF[peer]\r\nupload_slots = 3\r\n").upload_slots, 3U);
  EXPECT_EQ(load("# nothing\n").upload_slots, 16U);
}

TEST(ConfigValues, AnyLetterMayStandInAText) {
  for (const std::string letter :
       {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(load("[node]\nsite = '" + letter + '\'').site, letter);
    EXPECT_EQ(load("[node]\nsite = \"" + letter + '"').site, letter);
  }
}

TEST(ConfigValues, TheFileAndWhatItGaveAreRemembered) {
  const Config config = load("[http]\nlisten = \"127.0.0.1:7441\"\n[peer]\nupload_slots = 3");
  EXPECT_EQ(config.file.filename(), "p2pd.toml");
  EXPECT_EQ(config.given, (std::set<std::string, std::less<>>{"http.listen", "peer.upload_slots"}));
}

} // namespace
} // namespace p2pd::base

#include "daemon/base/config_table.hpp"

#include "daemon/base/config_environment.hpp"

#include <array>

namespace p2pd::base {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::uint64_t KB = 1'000;
constexpr std::uint64_t TB = KB * KB * KB * KB;
constexpr std::uint64_t MiB = 1ULL << 20;
constexpr std::uint64_t TiB = 1ULL << 40;

constexpr auto sections = std::to_array<SectionHelp>({
    {"node", "Who this node is, and where it keeps what it must not lose."},
    {"network", "How this node meets the others."},
    {"control", "Who may control this node."},
    {"peer", "What a peer shares and fetches; a tracker has no use for these."},
    {"limits", "What the daemon may take of the machine and of the line."},
    {"tracker", "For a tracker alone."},
    {"http", "Metrics for a monitoring system."},
});

std::vector<Key> make_keys() {
  using C = Config;
  return {
      {.full_name = "node.role",
       .type = role(&C::role),
       .example = R"("tracker")",
       .help = "A tracker keeps the list of peers and of contents; a peer shares and fetches."},
      {.full_name = "node.name",
       .type = node_name(&C::name),
       .default_words = "the host name",
       .example = R"("build-07")",
       .help = "What others see, and may type instead of an address."},
      {.full_name = "node.site",
       .type = site(&C::site),
       .reload = true,
       .example = R"("berlin")",
       .help = "Where many have a content, a tracker names those of the same site before others."},
      {.full_name = "node.state_dir",
       .type = path(&C::state_dir),
       .default_words = "/var/lib/p2pd, or what systemd's StateDirectory= names; for a user "
                        "$XDG_STATE_HOME/p2pd",
       .example = R"("/var/lib/p2pd")",
       .help = "The folder of identity, secret and database. Created with mode 0700."},
      {.full_name = "node.log_level",
       .type = log_level(&C::log_level),
       .reload = true,
       .example = R"("debug")",
       .help = "How much the log says."},

      {.full_name = "network.listen",
       .type = listen_addresses(&C::listen),
       .example = R"(["192.0.2.7:7440"])",
       .help =
           "Where other nodes reach this one. [::] is IPv6 alone; port 0 lets the system choose. "
           "Of these two, the one whose family the kernel lacks is left out."},
      {.full_name = "network.advertise",
       .type = advertised_addresses(&C::advertise),
       .reload = true,
       .example = R"(["203.0.113.9:7440"])",
       .help =
           "Addresses that others shall dial, where they are not the ones that this machine sees: "
           "behind NAT, or with several networks."},
      {.full_name = "network.secret_file",
       .type = path(&C::secret_file),
       .reload = true,
       .default_words = "systemd's credential network.key if it passes one, else network.key in "
                        "state_dir",
       .example = R"("/var/lib/p2pd/network.key")",
       .help = "The network's secret: one line of 64 hex digits, readable by the daemon alone."},
      {.full_name = "network.previous_secret_file",
       .type = optional_path(&C::previous_secret_file),
       .reload = true,
       .example = R"("/etc/p2pd/previous.key")",
       .help = "A second secret that is still accepted while the network changes to a new one."},
      {.full_name = "network.beacon",
       .type = flag(&C::beacon),
       .reload = true,
       .example = "false",
       .help =
           "A tracker announces itself on the LAN; a peer that knows no tracker listens for that."},

      {.full_name = "control.socket",
       .type = path(&C::control_socket),
       .default_words = "/run/p2pd/p2pd.sock, or p2pd.sock where systemd's RuntimeDirectory= names "
                        "a folder; for a user $XDG_RUNTIME_DIR/p2pd.sock, or where that variable "
                        "is not set p2pd.sock in state_dir",
       .example = R"("/run/p2pd/p2pd.sock")",
       .help = "The Unix socket that p2pctl talks to."},
      {.full_name = "control.group",
       .type = group(&C::control_group),
       .default_words = "\"p2pd\" if that group exists, else \"\", the daemon's own",
       .example = R"("p2pd")",
       .help = "The group whose members may control the daemon, besides its own user and root."},
      {.full_name = "control.readers",
       .type = group(&C::control_readers),
       .example = R"("adm")",
       .help = "A second group, whose members may only look."},

      {.full_name = "peer.trackers",
       .type = tracker_addresses(&C::trackers),
       .reload = true,
       .example = R"(["tracker.example:7440"])",
       .help =
           "The trackers to register with; those that were joined are added. With a peer id before "
           "the address, only the node with that id is talked to."},
      {.full_name = "peer.share",
       .type = paths(&C::share),
       .default_words = "[]; for a user the home folder",
       .example = R"(["/srv/images"])",
       .help = "Nothing outside of these folders is published."},
      {.full_name = "peer.download_dir",
       .type = path(&C::download_dir),
       .default_words = "downloads in state_dir; for a user ~/Downloads",
       .example = R"("/var/lib/p2pd/downloads")",
       .help = "Where fetched contents go. Made if it is missing."},
      {.full_name = "peer.writable",
       .type = paths(&C::writable),
       .default_words = "[]; for a user the home folder",
       .example = R"(["/srv/incoming"])",
       .help = "More folders that a fetch may be told to write to."},
      {.full_name = "peer.download_group",
       .type = group(&C::download_group),
       .default_words =
           "\"\", the group of p2pd, or that of the folder where it has the setgid bit",
       .example = R"("p2pd")",
       .help = "The group of what is fetched. p2pd's user has to be a member of it."},
      {.full_name = "peer.download_umask",
       .type = umask(&C::download_umask),
       .default_words = "\"\", the umask of the process; the service has 027",
       .example = R"("027")",
       .help = "Which rights to what is fetched nobody gets, as with umask(2)."},
      {.full_name = "peer.auto_publish",
       .type = flag(&C::auto_publish),
       .reload = true,
       .example = "true",
       .help =
           "Publish each file and folder in the share folders once it is no longer written to."},
      {.full_name = "peer.auto_publish_exclude",
       .type = path_globs(&C::auto_publish_exclude),
       .reload = true,
       .example = R"(["*.part", "*.tmp", ".git"])",
       .help = "What auto_publish leaves out: in the share folders, and in the folders there."},
      {.full_name = "peer.auto_fetch",
       .type = followed_globs(&C::auto_fetch),
       .reload = true,
       .example = R"(["nightly-*@aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq"])",
       .help =
           "Fetch whatever appears in the catalog under a name that one of these globs matches; "
           "with @PEERID behind it, only what that publisher claims."},
      {.full_name = "peer.fetch_max_size",
       .type = size(&C::fetch_max_size, {1, 1024 * TiB}, Zero::yes),
       .reload = true,
       .example = R"("100 GB")",
       .help = "What is larger is not fetched; holes count like all else. 0 = no limit."},
      {.full_name = "peer.upload_slots",
       .type = count(&C::upload_slots, {1, 10'000}),
       .reload = true,
       .example = "32",
       .help = "How many peers are served at the same time."},
      {.full_name = "peer.scrub",
       .type = duration(&C::scrub, {1s, days(3650)}, Zero::yes),
       .reload = true,
       .example = R"("7 d")",
       .help = "Within this time everything on disk is slowly verified once."},
      {.full_name = "peer.on_complete",
       .type = command(&C::on_complete),
       .reload = true,
       .example = R"(["/usr/local/bin/unpack", "--quiet"])",
       .help =
           "Run when a fetch is done, once and without a shell; P2PD_* variables tell about it."},
      {.full_name = "peer.on_failed",
       .type = command(&C::on_failed),
       .reload = true,
       .example = R"(["/usr/local/bin/alert"])",
       .help = "Run when a fetch has failed, in the same way."},

      {.full_name = "limits.upload",
       .type = rate(&C::upload_limit, {KB, TB}),
       .reload = true,
       .example = R"("50 MB/s")",
       .help = "What all uploads together may send."},
      {.full_name = "limits.download",
       .type = rate(&C::download_limit, {KB, TB}),
       .reload = true,
       .example = R"("50 MB/s")",
       .help = "What all downloads together may receive."},
      {.full_name = "limits.lan_exempt",
       .type = flag(&C::lan_exempt),
       .reload = true,
       .example = "true",
       .help = "Peers in the own LAN are not limited."},
      {.full_name = "limits.memory",
       .type = size(&C::memory, {16 * MiB, TiB}),
       .example = R"("256 MiB")",
       .help = "The memory of all payload buffers together."},
      {.full_name = "limits.page_cache",
       .type = size(&C::page_cache, {16 * MiB, TiB}),
       .reload = true,
       .example = R"("8 GiB")",
       .help = "How much of a fetch, the newest, stays in the page cache of the kernel."},
      {.full_name = "limits.connections",
       .type = count(&C::connections, {1, 1'000'000}),
       .reload = true,
       .default_words = "1000; on a tracker 20000",
       .example = "5000",
       .help = "How many connections to other nodes there may be, whichever side began them."},

      {.full_name = "tracker.peer_timeout",
       .type = duration(&C::peer_timeout, {100ms, 1h}, Zero::no),
       .reload = true,
       .example = R"("10 s")",
       .help = "A peer that is silent for this long is taken off the list."},

      {.full_name = "http.listen",
       .type = optional_listen_address(&C::http_listen),
       .example = R"("127.0.0.1:7441")",
       .help = "Where /metrics and /healthz are served; \"\" is nowhere."},
      {.full_name = "http.behind_tls_proxy",
       .type = flag(&C::behind_tls_proxy),
       .example = "true",
       .help = "Allows a listen address that other machines reach, since a TLS proxy stands before "
               "it."},
  };
}

} // namespace

std::span<const Key> config_keys() {
  static const std::vector<Key> keys = make_keys();
  return keys;
}

std::span<const SectionHelp> config_sections() {
  return sections;
}

std::string default_text(const Key& key) {
  Environment service;
  service.system = true;
  service.host_name = "build-07";
  service.group_exists = [](const std::string& name) { return name == "p2pd"; };
  Config config;
  std::vector<Problem> problems; // none: a service has a default for everything
  resolve_defaults(config, service, problems);
  return key.type.print(config);
}

} // namespace p2pd::base

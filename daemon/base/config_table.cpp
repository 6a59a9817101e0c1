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
    {"node", "Identity of this node, and where it stores its state."},
    {"network", "Connections to other nodes."},
    {"control", "Access to the control socket."},
    {"peer", "What a peer shares and fetches; a tracker ignores this section."},
    {"limits", "Limits on network and memory use."},
    {"tracker", "Only for a tracker."},
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
       .help = "Name of the node, shown to other nodes and accepted by commands in place of an "
               "address."},
      {.full_name = "node.site",
       .type = site(&C::site),
       .reload = true,
       .example = R"("berlin")",
       .help =
           "Location, such as a data centre. The peers of a site fetch from each other and share "
           "out what they fetch from other sites, so that little crosses the line twice."},
      {.full_name = "node.state_dir",
       .type = path(&C::state_dir),
       .default_words = "/var/lib/p2pd, or the folder of systemd's StateDirectory=; for a user "
                        "$XDG_STATE_HOME/p2pd",
       .example = R"("/var/lib/p2pd")",
       .help = "Folder for identity, secret and database. Created with mode 0700."},
      {.full_name = "node.log_level",
       .type = log_level(&C::log_level),
       .reload = true,
       .example = R"("debug")",
       .help = "Verbosity of the log."},

      {.full_name = "network.listen",
       .type = listen_addresses(&C::listen),
       .example = R"(["192.0.2.7:7440"])",
       .help =
           "TCP addresses to listen on. [::] does not include IPv4; port 0 lets the system choose. "
           "If the kernel lacks one of the two families, its wildcard address is skipped."},
      {.full_name = "network.advertise",
       .type = advertised_addresses(&C::advertise),
       .reload = true,
       .example = R"(["203.0.113.9:7440"])",
       .help =
           "Addresses that other nodes are to dial, if they differ from those of this machine's "
           "interfaces, such as behind NAT or with several networks."},
      {.full_name = "network.secret_file",
       .type = path(&C::secret_file),
       .reload = true,
       .default_words = "systemd's credential network.key if there is one, else network.key in "
                        "state_dir",
       .example = R"("/var/lib/p2pd/network.key")",
       .help =
           "File with the network secret: one line of 64 hex digits, readable only by the daemon."},
      {.full_name = "network.previous_secret_file",
       .type = optional_path(&C::previous_secret_file),
       .reload = true,
       .example = R"("/etc/p2pd/previous.key")",
       .help =
           "File with a second secret that is accepted while the network changes to a new one."},
      {.full_name = "network.beacon",
       .type = flag(&C::beacon),
       .reload = true,
       .example = "false",
       .help =
           "Whether a tracker announces itself on the LAN, and a peer without a tracker listens."},

      {.full_name = "control.socket",
       .type = path(&C::control_socket),
       .default_words = "/run/p2pd/p2pd.sock, or p2pd.sock in the folder of systemd's "
                        "RuntimeDirectory=; for a user $XDG_RUNTIME_DIR/p2pd.sock, or p2pd.sock in "
                        "state_dir if that variable is not set",
       .example = R"("/run/p2pd/p2pd.sock")",
       .help = "Unix socket for p2pctl."},
      {.full_name = "control.group",
       .type = group(&C::control_group),
       .default_words = "\"p2pd\" if that group exists, else \"\", the daemon's own group",
       .example = R"("p2pd")",
       .help =
           "Group whose members may control the daemon, as may root and the daemon's own user."},
      {.full_name = "control.readers",
       .type = group(&C::control_readers),
       .example = R"("adm")",
       .help = "Group whose members have read-only access."},

      {.full_name = "peer.trackers",
       .type = tracker_addresses(&C::trackers),
       .reload = true,
       .example = R"(["tracker.example:7450"])",
       .help = "Trackers to register with, in addition to those that were joined. If an address is "
               "preceded by a peer id, p2pd talks only to the node with that id."},
      {.full_name = "peer.share",
       .type = paths(&C::share),
       .default_words = "[]; for a user the home folder",
       .example = R"(["/srv/images"])",
       .help = "Folders that may be published from; nothing outside them is published."},
      {.full_name = "peer.download_dir",
       .type = path(&C::download_dir),
       .default_words = "downloads in state_dir; for a user ~/Downloads",
       .example = R"("/var/lib/p2pd/downloads")",
       .help = "Folder for fetched contents. It is created if it does not exist."},
      {.full_name = "peer.writable",
       .type = paths(&C::writable),
       .default_words = "[]; for a user the home folder",
       .example = R"(["/srv/incoming"])",
       .help = "Additional folders that `p2pctl fetch -o` may write to."},
      {.full_name = "peer.download_group",
       .type = group(&C::download_group),
       .default_words = "\"\", p2pd's group, or that of a parent folder with the setgid bit",
       .example = R"("p2pd")",
       .help = "Group of fetched files and folders. p2pd's user must be a member of it."},
      {.full_name = "peer.download_umask",
       .type = umask(&C::download_umask),
       .default_words = "\"\", the umask of the process, which is 027 in the service",
       .example = R"("027")",
       .help = "Permissions to remove from fetched files, as with umask(2)."},
      {.full_name = "peer.auto_publish",
       .type = flag(&C::auto_publish),
       .reload = true,
       .example = "true",
       .help =
           "Publish each file and folder in the share folders once it is no longer being written."},
      {.full_name = "peer.auto_publish_exclude",
       .type = path_globs(&C::auto_publish_exclude),
       .reload = true,
       .example = R"(["*.part", "*.tmp", ".git"])",
       .help = "Files and folders that auto_publish skips, also inside folders."},
      {.full_name = "peer.auto_fetch",
       .type = followed_globs(&C::auto_fetch),
       .reload = true,
       .example = R"(["nightly-*@aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq"])",
       .help =
           "Fetch every content whose name in the catalog matches one of these globs. A glob with "
           "@PEERID behind it follows only the claims of that publisher."},
      {.full_name = "peer.fetch_max_size",
       .type = size(&C::fetch_max_size, {1, 1024 * TiB}, Zero::yes),
       .reload = true,
       .example = R"("100 GB")",
       .help = "Maximum size of a fetch, including holes. 0 = no limit."},
      {.full_name = "peer.upload_slots",
       .type = count(&C::upload_slots, {1, 10'000}),
       .reload = true,
       .example = "32",
       .help = "Maximum number of peers served at the same time."},
      {.full_name = "peer.scrub",
       .type = duration(&C::scrub, {1s, days(3650)}, Zero::yes),
       .reload = true,
       .example = R"("7 d")",
       .help = "Interval in which everything on disk is verified once, at low speed."},
      {.full_name = "peer.on_complete",
       .type = command(&C::on_complete),
       .reload = true,
       .example = R"(["/usr/local/bin/unpack", "--quiet"])",
       .help = "Program to run once, without a shell, when a fetch is done; P2PD_* variables "
               "describe it."},
      {.full_name = "peer.on_failed",
       .type = command(&C::on_failed),
       .reload = true,
       .example = R"(["/usr/local/bin/alert"])",
       .help = "Program to run, in the same way, when a fetch fails."},

      {.full_name = "limits.upload",
       .type = rate(&C::upload_limit, {KB, TB}),
       .reload = true,
       .example = R"("50 MB/s")",
       .help = "Maximum rate of all uploads together."},
      {.full_name = "limits.download",
       .type = rate(&C::download_limit, {KB, TB}),
       .reload = true,
       .example = R"("50 MB/s")",
       .help = "Maximum rate of all downloads together."},
      {.full_name = "limits.between_sites",
       .type = rate(&C::between_sites, {KB, TB}),
       .reload = true,
       .example = R"("10 MB/s")",
       .help = "Maximum rate, each way, of all peers of other sites together; see site."},
      {.full_name = "limits.schedule",
       .type = schedule(&C::schedule),
       .reload = true,
       .example = R"(["Mon-Fri 08:00-18:00 upload=5MB/s between_sites=2MB/s"])",
       .help =
           "Other values of the three limits, by local time; the first line that matches holds."},
      {.full_name = "limits.lan_exempt",
       .type = flag(&C::lan_exempt),
       .reload = true,
       .example = "true",
       .help = "Whether peers on the local network are exempt from the limits on all uploads and "
               "downloads."},
      {.full_name = "limits.memory",
       .type = size(&C::memory, {16 * MiB, TiB}),
       .example = R"("256 MiB")",
       .help = "Maximum memory for payload buffers."},
      {.full_name = "limits.page_cache",
       .type = size(&C::page_cache, {16 * MiB, TiB}),
       .reload = true,
       .example = R"("8 GiB")",
       .help = "Amount of the most recent data of a fetch to keep in the kernel's page cache."},
      {.full_name = "limits.connections",
       .type = count(&C::connections, {1, 1'000'000}),
       .reload = true,
       .default_words = "1000; on a tracker 20000",
       .example = "5000",
       .help = "Maximum number of connections to other nodes, incoming and outgoing."},

      {.full_name = "tracker.peer_timeout",
       .type = duration(&C::peer_timeout, {100ms, 1h}, Zero::no),
       .reload = true,
       .example = R"("10 s")",
       .help = "Time of silence after which a peer is removed from the list."},

      {.full_name = "http.listen",
       .type = optional_listen_address(&C::http_listen),
       .example = R"("127.0.0.1:7441")",
       .help = "Address to serve /metrics and /healthz on, or \"\" for none."},
      {.full_name = "http.behind_tls_proxy",
       .type = flag(&C::behind_tls_proxy),
       .example = "true",
       .help =
           "Allow a listen address that other machines can reach, because a TLS proxy controls the "
           "access to it."},
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

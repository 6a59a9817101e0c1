// The validated configuration of the daemon: the keys of p2pd.toml(5) as typed fields with their
// defaults. Loaded at the start and at each reload, and const for everything else.
//
// The table in config_table.hpp binds each key to its field. Defaults that depend on the user or
// the machine are comments here; config_environment.hpp resolves them.
//
// Thread: any, since a loaded Config never changes. Units: bytes, bytes per second, milliseconds.
// Errors: load_config throws ConfigError, with everything that is wrong with the file.
#pragma once

#include "daemon/base/config_address.hpp"
#include "daemon/base/config_error.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/schedule.hpp"

#include <chrono>
#include <filesystem>
#include <set>

namespace p2pd::base {

struct Environment;

enum class Role : std::uint8_t { peer, tracker };

std::string_view to_text(Role role);
std::string_view to_text(log::Level level);
std::optional<log::Level> log_level(std::string_view name);

struct Config {
  using Path = std::filesystem::path;
  template <class T>
  using List = std::vector<T>;

  // [node]
  Role role = Role::peer;
  std::string name; // the host name
  std::string site; // "" = none
  Path state_dir;   // /var/lib/p2pd, or below the user's home
  log::Level log_level = log::Level::info;

  // [network]
  List<HostPort> listen = {{"::", 7440}, {"0.0.0.0", 7440}};
  List<HostPort> advertise;
  Path secret_file;          // state_dir/network.key
  Path previous_secret_file; // "" = none
  bool beacon = true;

  // [control]
  Path control_socket;         // /run/p2pd/p2pd.sock, or the user's runtime directory
  std::string control_group;   // "p2pd" where that group exists; "" = the daemon's own
  std::string control_readers; // "" = none

  // [peer]
  List<TrackerAddress> trackers;
  List<Path> share;           // nothing, or the user's home
  Path download_dir;          // state_dir/downloads, or the user's ~/Downloads
  List<Path> writable;        // nothing, or the user's home
  std::string download_group; // "" = that of p2pd, or of the folder
  std::string download_umask; // octal digits; "" = that of the process
  bool auto_publish = false;
  List<std::string> auto_publish_exclude = {"*.part"}; // globs of names and of paths below them
  List<std::string> auto_fetch;     // "GLOB" of content names, or "GLOB@PEERID" of a publisher's
  std::uint64_t fetch_max_size = 0; // bytes of one fetch; 0 = no limit
  std::uint32_t upload_slots = 16;
  std::chrono::milliseconds scrub = std::chrono::days(30); // 0 = never
  List<std::string> on_complete;                           // argv; empty = none
  List<std::string> on_failed;

  // [limits]
  std::uint64_t upload_limit = 0; // bytes per second; 0 = none
  std::uint64_t download_limit = 0;
  std::uint64_t between_sites = 0; // each way, of peers of other sites together
  List<ScheduleLine> schedule;     // of these three
  bool lan_exempt = false;
  std::uint64_t memory = 64U << 20;    // bytes of all payload buffers together
  std::uint64_t page_cache = 1U << 30; // bytes of each fetch that stay there
  std::uint32_t connections = 1000;    // 20000 on a tracker

  // [tracker]
  std::chrono::milliseconds peer_timeout = std::chrono::seconds(30);

  // [http]
  std::optional<HostPort> http_listen; // none = off
  bool behind_tls_proxy = false;

  // Where the values came from.
  Path file;                                // "" = no file was read
  std::set<std::string, std::less<>> given; // the keys set in the file, as "section.key"

  // A group that was named explicitly must exist; the default need not.
  bool control_group_is_named() const {
    return given.contains("control.group") && !control_group.empty();
  }
};

// Reads and checks the file, or uses the defaults if there is none.
Config load_config(const std::optional<std::filesystem::path>& file,
                   const Environment& environment);

// conf/p2pd.toml: every key of the table, commented out, with its default and its help.
std::string example_config();

// The differences that a reload finds: names as "section.key", in the order of the table.
struct ConfigChanges {
  std::vector<std::string> reloadable; // take effect at once
  std::vector<std::string> restart;    // take effect at the next start
};
ConfigChanges changed_keys(const Config& running, const Config& fresh);

// The running config with the reloadable keys of the fresh one: the result of a reload.
Config reloaded(const Config& running, const Config& fresh);

} // namespace p2pd::base

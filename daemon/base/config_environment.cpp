#include "daemon/base/config_environment.hpp"

#include "daemon/base/config_types.hpp"

#include <array>
#include <cstdlib>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace p2pd::base {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t tracker_connections = 20'000;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

// The XDG base directory specification: a relative path counts as not set.
fs::path folder(const char* name) {
  fs::path path = variable(name);
  return path.is_absolute() ? path : fs::path();
}

fs::path folder_or(const char* name, const fs::path& home, const char* below_home) {
  fs::path path = folder(name);
  if (path.empty() && !home.empty()) path = home / below_home;
  return path;
}

// systemd lists several directories with colons between them; ours is the first.
fs::path first_folder(const char* name) {
  const std::string list = variable(name);
  return list.substr(0, list.find(':'));
}

fs::path home_of_user() {
  if (fs::path home = folder("HOME"); !home.empty()) return home;
  const passwd* const user = getpwuid(geteuid());
  return user && user->pw_dir[0] == '/' ? user->pw_dir : "";
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// A host name may hold what a node name may not.
std::string as_node_name(std::string name) {
  if (name.size() > longest_node_name) name.resize(longest_node_name);
  for (char& c : name)
    if (!is_node_name({&c, 1})) c = '-';
  return name.empty() ? "node" : name;
}

// "There or unreadable": only a file that surely is not there is passed over in silence.
bool may_exist(const fs::path& file) {
  std::error_code error;
  return fs::symlink_status(file, error).type() != fs::file_type::not_found;
}

fs::path secret_file(const Config& config, const Environment& environment) {
  constexpr const char* name = "network.key";
  const fs::path credential = environment.credentials_directory / name;
  const bool passed = !environment.credentials_directory.empty() && may_exist(credential);
  return passed ? credential : config.state_dir / name;
}

void resolve_for_system(Config& defaults, const Environment& environment) {
  const auto given_or = [](const fs::path& given, const char* otherwise) {
    return given.empty() ? fs::path(otherwise) : given;
  };
  defaults.state_dir = given_or(environment.state_directory, "/var/lib/p2pd");
  defaults.control_socket = given_or(environment.runtime_directory, "/run/p2pd") / "p2pd.sock";
}

void resolve_for_user(Config& defaults, const Environment& environment) {
  if (!environment.xdg_state_home.empty()) defaults.state_dir = environment.xdg_state_home / "p2pd";
  if (!environment.home.empty()) {
    defaults.share = {environment.home};
    defaults.writable = {environment.home};
    defaults.download_dir = environment.home / "Downloads";
  }
  if (!environment.xdg_runtime_dir.empty())
    defaults.control_socket = environment.xdg_runtime_dir / "p2pd.sock";
}

} // namespace

Environment current_environment() {
  Environment now;
  now.host_name = host_name();
  now.group_exists = [](const std::string& name) { return getgrnam(name.c_str()) != nullptr; };
  now.xdg_runtime_dir = folder("XDG_RUNTIME_DIR");
  // A user's manager sets both variables, and so do the terminals below it.
  now.system =
      geteuid() == 0 || (!variable("INVOCATION_ID").empty() && now.xdg_runtime_dir.empty());
  now.state_directory = first_folder("STATE_DIRECTORY");
  now.runtime_directory = first_folder("RUNTIME_DIRECTORY");
  now.credentials_directory = folder("CREDENTIALS_DIRECTORY");
  now.home = home_of_user();
  now.xdg_config_home = folder_or("XDG_CONFIG_HOME", now.home, ".config");
  now.xdg_state_home = folder_or("XDG_STATE_HOME", now.home, ".local/state");
  return now;
}

std::optional<fs::path> default_config_path(const Environment& environment) {
  fs::path file = environment.system_config;
  if (!environment.system) {
    if (environment.xdg_config_home.empty()) return std::nullopt;
    file = environment.xdg_config_home / "p2pd" / "p2pd.toml";
  }
  return may_exist(file) ? std::optional(file) : std::nullopt;
}

void resolve_defaults(Config& config, const Environment& environment,
                      std::vector<Problem>& problems) {
  Config defaults;
  if (environment.system)
    resolve_for_system(defaults, environment);
  else
    resolve_for_user(defaults, environment);

  const auto take = [&config](std::string_view key, auto& field, auto value) {
    if (!config.given.contains(key)) field = std::move(value);
  };
  take("node.name", config.name, as_node_name(environment.host_name));
  take("node.state_dir", config.state_dir, defaults.state_dir);
  if (config.state_dir.empty()) { // a wrong one was reported where it stands
    if (!config.given.contains("node.state_dir"))
      problems.push_back(
          {{}, "[node] state_dir has no default without a home folder: set it, or $HOME"});
    return;
  }
  take("network.secret_file", config.secret_file, secret_file(config, environment));
  if (defaults.control_socket.empty()) defaults.control_socket = config.state_dir / "p2pd.sock";
  take("control.socket", config.control_socket, defaults.control_socket);
  take("control.group", config.control_group,
       std::string(environment.group_exists("p2pd") ? "p2pd" : ""));
  take("peer.share", config.share, defaults.share);
  if (defaults.download_dir.empty()) defaults.download_dir = config.state_dir / "downloads";
  take("peer.download_dir", config.download_dir, defaults.download_dir);
  take("peer.writable", config.writable, defaults.writable);
  if (config.role == Role::tracker)
    take("limits.connections", config.connections, tracker_connections);
}

} // namespace p2pd::base

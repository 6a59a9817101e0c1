// What the defaults depend on apart from the file: the user, the service manager and the machine.
// It is always passed as an argument, so that a test can act as root, a user or a service. Thread:
// any; values only.
#pragma once

#include "daemon/base/config.hpp"

#include <functional>

namespace p2pd::base {

struct Environment {
  // Started by root or by systemd's system manager. False: a user's own daemon.
  bool system = false;
  std::string host_name;
  std::function<bool(const std::string&)> group_exists = [](const std::string&) { return false; };

  // Folders that systemd created (StateDirectory=, RuntimeDirectory=); "" = none.
  std::filesystem::path state_directory;
  std::filesystem::path runtime_directory;
  // The folder of credentials (LoadCredential=); likewise.
  std::filesystem::path credentials_directory;

  // The user's folders; "" = none.
  std::filesystem::path home;
  std::filesystem::path xdg_config_home;
  std::filesystem::path xdg_state_home;
  std::filesystem::path xdg_runtime_dir;

  std::filesystem::path system_config = "/etc/p2pd/p2pd.toml";
};

// From the environment variables, the kernel and the group database.
Environment current_environment();

// The default config file; nothing if it does not exist.
std::optional<std::filesystem::path> default_config_path(const Environment& environment);

// Fills in the defaults that depend on the environment, for keys that are not in config.given.
// Those that cannot be resolved are added to `problems`.
void resolve_defaults(Config& config, const Environment& environment,
                      std::vector<Problem>& problems);

} // namespace p2pd::base

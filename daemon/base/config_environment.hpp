// What the defaults depend on besides the file: who runs the daemon, and on which machine. It is an
// argument everywhere, so that a test can be root, a user or a service as it likes.
// Thread: any; values only.
#pragma once

#include "daemon/base/config.hpp"

#include <functional>

namespace p2pd::base {

struct Environment {
  // Root, or any user whom systemd's system manager started. False: a person's own daemon.
  bool system = false;
  std::string host_name;
  std::function<bool(const std::string&)> group_exists = [](const std::string&) { return false; };

  // What systemd made for a system service (StateDirectory=, RuntimeDirectory=); "" = not told.
  std::filesystem::path state_directory;
  std::filesystem::path runtime_directory;
  // What it was told to pass on (LoadCredential=); likewise.
  std::filesystem::path credentials_directory;

  // A person's folders; "" = there is none.
  std::filesystem::path home;
  std::filesystem::path xdg_config_home;
  std::filesystem::path xdg_state_home;
  std::filesystem::path xdg_runtime_dir;

  std::filesystem::path system_config = "/etc/p2pd/p2pd.toml";
};

// Asks the process' environment, the kernel and the group database.
Environment current_environment();

// The file that is read when none is named: nothing if it is not there.
std::optional<std::filesystem::path> default_config_path(const Environment& environment);

// Fills in every field that config.given does not name and whose default depends on something.
// What cannot be filled in is added to `problems`.
void resolve_defaults(Config& config, const Environment& environment,
                      std::vector<Problem>& problems);

} // namespace p2pd::base

// The daemon's own folder: mode 0700, locked by one daemon at a time, contains identity and secret.
// Start-up only; blocking. Throws std::runtime_error with the cause and the remedy.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/net/secure_channel.hpp"

namespace p2pd::app {

class StateDir final {
 public:
  // Creates the folder if it is missing, and locks it for the lifetime of this object.
  explicit StateDir(const std::filesystem::path& path);
  ~StateDir();
  StateDir(const StateDir&) = delete;
  StateDir& operator=(const StateDir&) = delete;

 private:
  int lock_ = -1;
};

// The network's secret, followed by the previous one if the config names it, as the files are now.
// Empty if a peer has none yet, which is an error if `needed`. Any thread.
std::vector<proto::noise::Psk> read_secrets(const base::Config& config, bool needed);

// Creates the identity at the first start, and a tracker's secret; a peer without a secret has none
// in its keys and waits for p2pctl join. See read_secrets().
net::Keys load_keys(const base::Config& config);

} // namespace p2pd::app

// The daemon's own folder: made 0700, held by one daemon at a time, home of identity and secret.
// Start-up only; blocking. Throws std::runtime_error with the cause and the remedy.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/net/secure_channel.hpp"

namespace p2pd::app {

class StateDir final {
 public:
  // Makes the folder where it is missing and locks it for the life of this object.
  explicit StateDir(const std::filesystem::path& path);
  ~StateDir();
  StateDir(const StateDir&) = delete;
  StateDir& operator=(const StateDir&) = delete;

 private:
  int lock_ = -1;
};

// The network's secret, and behind it the previous one, if the config names it: as the files are
// now. None where a peer has not got one yet; `needed`: then that is an error as well. Any thread.
std::vector<proto::noise::Psk> read_secrets(const base::Config& config, bool needed);

// The identity is made at the first start. So is the secret of a tracker; a peer without one has no
// secrets in its keys and waits to be told. See read_secrets.
net::Keys load_keys(const base::Config& config);

} // namespace p2pd::app

// The control socket, and who may use it: what a caller may do is decided by whom the kernel says
// it is (unix(7), SO_PEERCRED and SO_PEERGROUPS), whatever the file's mode.
//
// The daemon's user, root and the socket's group control. Without readers the mode keeps all others
// out; with readers everybody may connect, so each is told apart here. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/io/listener.hpp"
#include "proto/control/commands.hpp"
#include "proto/control/control_messages.hpp"

namespace p2pd::control {

class ControlSocket final {
 public:
  // Replaces a socket file that nobody listens on; or takes over an inherited socket, whose file
  // belongs to somebody else, with its mode and group. Throws std::runtime_error with the cause and
  // the remedy where the socket cannot be as the config says.
  ControlSocket(io::Loop& loop, const base::Config& config, std::optional<int> inherited,
                io::Listener::Accept accept);

  proto::Access access_of(const io::Credentials& caller) const;
  proto::ControlError refusal(const io::Credentials& caller) const; // for one without any access

  void close() { listener_.reset(); } // libuv removes the socket file with it, if it made it

 private:
  std::unique_ptr<io::Listener> listener_;
  std::uint32_t controllers_ = io::Credentials::nobody; // groups
  std::uint32_t readers_ = io::Credentials::nobody;
  std::string remedy_; // of the refusal: the group database may be slow, so it is asked once
};

} // namespace p2pd::control

// One connection to the daemon: requests out, replies in. Requests are queued and leave while
// replies are waited for, so that neither side can block the other.
// Thread: one. Lifetime: the socket is closed with the object. Errors: Failure where the daemon is
// not to be reached or not understood.
#pragma once

#include "ctl/base/aftermath.hpp"
#include "ctl/base/failure.hpp"
#include "proto/codec.hpp"
#include "proto/control/control_messages.hpp"
#include "proto/error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>

namespace p2pd::ctl {

enum class Next : std::uint8_t { reply, wake, resized, timed_out, interrupted, closed };

class Client final {
 public:
  using Clock = std::chrono::steady_clock;
  using Deadline = std::optional<Clock::time_point>; // nothing: for ever

  // Connects. `interrupt` is a descriptor that becomes readable when waiting is to end, `resized` a
  // signalfd of SIGWINCH; -1 = none. `unit` is what systemctl starts to have a daemon at that
  // socket.
  Client(const std::string& socket_path, const std::string& unit, Deadline deadline, int interrupt,
         int resized = -1);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const proto::ControlRequest& request);

  // Waits for the next reply, and no longer than until `wake`.
  Next next(proto::ControlReply& reply, Deadline wake);

  // Who runs the daemon.
  uid_t daemon_user() const;

  // Whether to go on with work of one's own, asked between two steps of it: wake, or why not.
  Next check() const;

 private:
  bool take_reply(proto::ControlReply& reply);
  void write_some();
  bool read_some(); // false once the daemon has closed

  int socket_ = -1;
  int interrupt_;
  int resized_;
  Deadline deadline_;
  proto::Decoder decoder_;
  proto::Bytes out_;
  proto::Bytes in_;
  std::size_t taken_ = 0; // bytes of in_ that were decoded
};

// Why the exchange ends before all is answered.
Failure ended_early(Next reason, const Aftermath& aftermath);

Failure not_understood(const proto::Error& error);

} // namespace p2pd::ctl

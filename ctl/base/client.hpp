// One connection to the daemon: requests out, replies in. Requests are queued and sent while
// waiting for replies, so that neither side can block the other. Thread: one. Lifetime: the object
// owns the socket. Errors: Failure if the daemon cannot be reached or understood.
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
  using Deadline = std::optional<Clock::time_point>; // nothing: unlimited

  // Connects. `interrupt`: a descriptor that becomes readable when waiting should end; `resized`: a
  // signalfd of SIGWINCH; -1: none. `unit`: the systemd unit of the daemon at that socket.
  Client(const std::string& socket_path, const std::string& unit, Deadline deadline, int interrupt,
         int resized = -1);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const proto::ControlRequest& request);

  // Waits for the next reply, at most until `wake`.
  Next next(proto::ControlReply& reply, Deadline wake);

  // The user that runs the daemon.
  uid_t daemon_user() const;

  // Whether to continue local work, called between its steps: wake, or why not.
  Next check() const;

 private:
  bool take_reply(proto::ControlReply& reply);
  void write_some();
  bool read_some(); // false: the daemon has closed the connection

  int socket_ = -1;
  int interrupt_;
  int resized_;
  Deadline deadline_;
  proto::Decoder decoder_;
  proto::Bytes out_;
  proto::Bytes in_;
  std::size_t taken_ = 0; // decoded bytes of in_
};

// Why the exchange ends before everything is answered.
Failure ended_early(Next reason, const Aftermath& aftermath);

Failure not_understood(const proto::Error& error);

} // namespace p2pd::ctl

// A daemon made of a script: it listens on a socket in a folder of its own, takes one connection
// and plays the script on it in a thread. Lifetime: the destructor waits for the script to end.
#pragma once

#include "ctl/app.hpp"
#include "proto/control/control_messages.hpp"

#include <functional>
#include <string>
#include <thread>

namespace p2pd::ctl {

// The daemon's end of the connection.
class DaemonEnd {
 public:
  explicit DaemonEnd(int socket) : socket_(socket) {}

  proto::ControlRequest request(); // the next one; id 0 once p2pctl has closed
  void send(std::uint64_t id, proto::ReplyKind kind, proto::Value body);
  void ok(std::uint64_t id, proto::Value body) { send(id, proto::ReplyKind::ok, std::move(body)); }
  void event(std::uint64_t id, proto::Value body) {
    send(id, proto::ReplyKind::event, std::move(body));
  }
  void error(std::uint64_t id, proto::ControlError error) {
    send(id, proto::ReplyKind::error, error.value());
  }
  void raw(proto::View bytes);

 private:
  int socket_;
  proto::Decoder decoder_;
};

class FakeDaemon {
 public:
  explicit FakeDaemon(std::function<void(DaemonEnd&)> script);
  ~FakeDaemon();

  const std::string& socket() const { return path_; }

 private:
  std::string folder_;
  std::string path_;
  int listener_;
  std::thread thread_;
};

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

// p2pctl with its output caught. None of the streams is a terminal.
Outcome p2pctl(const std::vector<std::string>& arguments);

} // namespace p2pd::ctl

// The control socket: takes commands of p2pctl, several at a time on each connection, and sends
// back what their handlers answer. Loop thread only.
#pragma once

#include "daemon/control/control_socket.hpp"
#include "daemon/control/dispatcher.hpp"
#include "daemon/control/quota.hpp"
#include "daemon/io/graveyard.hpp"

#include <map>

namespace p2pd::control {

class Client;

class Server final {
 public:
  // Inherits or makes the socket, and throws, as ControlSocket does.
  Server(io::Loop& loop, const base::Config& config, std::optional<int> inherited,
         const Dispatcher& dispatcher);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const Dispatcher& dispatcher() const { return dispatcher_; }
  io::Loop& loop() const { return loop_; }
  void set_most(std::size_t connections) { quota_.set_most(connections); }
  void retire(Client& client);
  void close(); // no more commands; the clients that are there are let go

 private:
  void on_connection(std::unique_ptr<io::Stream> stream);
  proto::ControlError refusal(const io::Credentials& caller, Quota::Verdict verdict) const;

  io::Loop& loop_;
  const Dispatcher& dispatcher_;
  ControlSocket socket_;
  Quota quota_;
  std::map<Client*, std::unique_ptr<Client>> clients_;
  io::Graveyard graveyard_;
};

} // namespace p2pd::control

#include "daemon/control/server.hpp"

#include "daemon/control/client.hpp"

#include <cassert>

namespace p2pd::control {

Server::Server(io::Loop& loop, const base::Config& config, std::optional<int> inherited,
               const Dispatcher& dispatcher)
    : loop_(loop)
    , dispatcher_(dispatcher)
    , door_(loop, config, inherited, io::bind<&Server::on_connection>(this))
    , bury_(loop, io::bind<&Server::bury>(this)) {}

Server::~Server() {
  assert(clients_.empty());
}

void Server::on_connection(std::unique_ptr<io::Stream> stream) {
  const io::Credentials caller = stream->credentials();
  const proto::Access access = door_.access_of(caller);
  auto client = std::make_unique<Client>(*this, std::move(stream));
  Client& added = *client;
  clients_.emplace(&added, std::move(client));
  if (access == proto::Access::none)
    added.dismiss(door_.refusal(caller));
  else
    added.serve(access);
}

void Server::retire(Client& client) {
  const auto found = clients_.find(&client);
  graveyard_.push_back(std::move(found->second));
  clients_.erase(found);
  bury_.schedule();
}

void Server::bury() {
  graveyard_.clear();
}

void Server::close() {
  door_.close();
  for (auto& [raw, client] : clients_) graveyard_.push_back(std::move(client));
  clients_.clear();
  graveyard_.clear();
}

} // namespace p2pd::control

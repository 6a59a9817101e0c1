#include "daemon/control/server.hpp"

#include "daemon/control/client.hpp"

#include "daemon/base/log.hpp"

#include <cassert>
#include <fmt/core.h>
#include <unistd.h>

namespace p2pd::control {

namespace {

constexpr std::size_t most_at_first = 64; // until it is told

} // namespace

Server::Server(io::Loop& loop, const base::Config& config, std::optional<int> inherited,
               const Dispatcher& dispatcher)
    : loop_(loop)
    , dispatcher_(dispatcher)
    , socket_(loop, config, inherited, io::bind<&Server::on_connection>(this))
    , quota_(most_at_first, ::geteuid())
    , graveyard_(loop) {}

Server::~Server() {
  assert(clients_.empty());
}

void Server::on_connection(std::unique_ptr<io::Stream> stream) {
  const io::Credentials caller = stream->credentials();
  const proto::Access access = socket_.access_of(caller);
  auto client = std::make_unique<Client>(*this, std::move(stream));
  Client& added = *client;
  clients_.emplace(&added, std::move(client));
  if (access == proto::Access::none) return added.dismiss(socket_.refusal(caller));
  const Quota::Verdict verdict = quota_.admit(caller.user, access);
  if (verdict != Quota::Verdict::admitted) return added.dismiss(refusal(caller, verdict));
  added.serve(access, caller.user);
}

proto::ControlError Server::refusal(const io::Credentials& caller, Quota::Verdict verdict) const {
  const std::string cause =
      verdict == Quota::Verdict::user_is_full
          ? fmt::format(
                "user {} has {} connections to this daemon already, as many as one user may",
                caller.user, quota_.for_one())
          : std::string("all connections to this daemon that users may have are in use");
  base::log::warn("control", "{}", cause);
  return {proto::ExitCode::failed, cause,
          "end those that are not needed, such as p2pctl watch and top; root and the daemon's user "
          "have places of their own"};
}

void Server::retire(Client& client) {
  if (client.access() != proto::Access::none) quota_.leave(client.user(), client.access());
  const auto found = clients_.find(&client);
  graveyard_.add(std::move(found->second));
  clients_.erase(found);
}

void Server::close() {
  socket_.close();
  for (auto& [raw, client] : clients_) graveyard_.add(std::move(client));
  clients_.clear();
  graveyard_.clear();
}

} // namespace p2pd::control

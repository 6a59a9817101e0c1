#include "daemon/net/told.hpp"

#include "daemon/net/reachability.hpp"

namespace p2pd::net {

Told::Told(const proto::PeerInfo& info, const io::Endpoint& teller)
    : node{info.id, info.name, info.site, {}}, by(teller.network()) {
  for (const proto::Address& address : info.addresses)
    if (may_be_told(address, teller)) node.addresses.push_back(address);
}

bool may_be_told(const io::Endpoint& address, const io::Endpoint& teller) {
  if (address.port() == 0 || !address.of_one_host()) return false;
  switch (scope_of(address)) {
  case Scope::machine:
    return teller.loopback();
  case Scope::link:
    return teller.link_local();
  case Scope::everybody:
    return true;
  }
  return false;
}

bool may_be_told(std::string_view address, const io::Endpoint& teller) {
  const auto literal = io::Endpoint::parse(address);
  return literal && may_be_told(*literal, teller);
}

} // namespace p2pd::net

#include "daemon/io/resolver.hpp"

#include "daemon/io/interfaces.hpp"

#include <utility>

namespace p2pd::io {

Resolver::Resolver(Loop& loop, Found found) : loop_(loop), found_(found) {}

void Resolver::look_up(const base::HostPort& name) {
  cancel();
  running_ = true;
  port_ = name.port;
  if (const auto literal = Endpoint::from(name))
    loop_.names().answer_later(*this, {in_own_zones(*literal), {}, false});
  else
    loop_.names().ask(*this, name.host);
}

void Resolver::cancel() {
  if (std::exchange(running_, false)) loop_.names().forget(*this);
}

void Resolver::take(NameAnswer answer) {
  running_ = false;
  for (Endpoint& endpoint : answer.endpoints) endpoint = endpoint.with_port(port_);
  found_(std::move(answer.endpoints), answer.failure);
}

} // namespace p2pd::io

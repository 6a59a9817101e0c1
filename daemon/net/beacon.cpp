#include "daemon/net/beacon.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>

namespace p2pd::net {

namespace {

constexpr io::milliseconds period{5000};

// Where a family is missing there is nobody to be found by it.
template <class... Arguments>
void open(std::optional<io::Datagrams>& socket, io::Loop& loop, const Arguments&... arguments) try {
  socket.emplace(loop, arguments...);
} catch (const std::system_error& error) {
  base::log::debug("beacon", "no socket: {}", error.what());
}

io::Endpoint anywhere(bool v6) {
  const base::HostPort address{v6 ? "::" : "0.0.0.0", proto::beacon_port};
  return *io::Endpoint::from(address);
}

} // namespace

BeaconSender::BeaconSender(io::Loop& loop, SessionSet& sessions)
    : sessions_(sessions), timer_(loop, io::bind<&BeaconSender::send>(this)) {
  open(v4_, loop, false);
  open(v6_, loop, true);
  timer_.every(period);
  send();
}

bool BeaconSender::listens_at(const io::Endpoint& interface) const {
  return std::ranges::any_of(sessions_.self().listening, [&](const io::Endpoint& at) {
    return at.v6() == interface.v6() && (at.unspecified() || at.host() == interface.host());
  });
}

void BeaconSender::send() {
  if (sessions_.self().listening.empty()) return;
  proto::Beacon beacon{sessions_.id(), sessions_.self().listening.front().port(), {}};
  for (const std::string& address : sessions_.self().advertise)
    if (beacon.addresses.size() < beacon.addresses.max) beacon.addresses.emplace_back(address);
  for (const proto::noise::Psk& secret : sessions_.keys().secrets) {
    const Bytes packet = proto::seal_beacon(beacon, secret);
    for (const io::Neighbourhood& around : io::neighbourhoods(proto::beacon_port))
      if (auto& socket = around.all.v6() ? v6_ : v4_; socket && listens_at(around.own))
        socket->send(packet, around.all);
  }
}

BeaconReceiver::BeaconReceiver(io::Loop& loop, const SessionSet& sessions, Found found)
    : sessions_(sessions), found_(found) {
  const io::Datagrams::Received received = io::bind<&BeaconReceiver::on_packet>(this);
  open(v4_, loop, anywhere(false), received);
  open(v6_, loop, anywhere(true), received);
  if (!v4_ && !v6_)
    base::log::warn("beacon",
                    "cannot listen for trackers of the LAN on UDP port {}; name one in "
                    "[peer] trackers",
                    proto::beacon_port);
}

void BeaconReceiver::on_packet(io::Datagrams::Packet packet, const io::Endpoint& from) {
  for (const proto::noise::Psk& secret : sessions_.keys().secrets)
    if (const auto beacon = proto::open_beacon(packet, secret)) return found_(*beacon, from);
}

} // namespace p2pd::net

// LAN discovery: trackers broadcast beacons, and peers listen for them. Members of their owners.
// Loop thread only.
#pragma once

#include "daemon/io/datagrams.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/net/session_set.hpp"
#include "proto/beacon.hpp"

namespace p2pd::net {

// Sends the beacon immediately and then every five seconds, on the interfaces that the node listens
// on, sealed with each accepted secret.
class BeaconSender final {
 public:
  BeaconSender(io::Loop& loop, SessionSet& sessions);
  BeaconSender(const BeaconSender&) = delete;
  BeaconSender& operator=(const BeaconSender&) = delete;

  void stop() { timer_.stop(); }

 private:
  void send();
  bool listens_at(const io::Endpoint& interface) const;

  SessionSet& sessions_;
  std::optional<io::Datagrams> v4_; // if the machine has IPv4
  std::optional<io::Datagrams> v6_;
  io::Timer timer_;
};

// Reports each beacon that a member has sealed. Anything else is silently dropped.
class BeaconReceiver final {
 public:
  using Found = io::Bound<void(const proto::Beacon&, const io::Endpoint& from)>;
  BeaconReceiver(io::Loop& loop, const SessionSet& sessions, Found found);
  BeaconReceiver(const BeaconReceiver&) = delete;
  BeaconReceiver& operator=(const BeaconReceiver&) = delete;

 private:
  void on_packet(io::Datagrams::Packet packet, const io::Endpoint& from);

  const SessionSet& sessions_;
  Found found_;
  std::optional<io::Datagrams> v4_;
  std::optional<io::Datagrams> v6_;
};

} // namespace p2pd::net

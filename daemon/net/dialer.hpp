// Reaches one node that may be at any of several addresses: looks names up, tries one address after
// the other, and ends with a ready session or with the last cause. Loop thread only; dropping it
// gives the attempt up.
#pragma once

#include "daemon/io/resolver.hpp"
#include "daemon/net/session_set.hpp"

namespace p2pd::net {

class Dialer final : private SessionListener {
 public:
  class Owner {
   public:
    virtual void on_reached(Session& session) = 0; // listen to it now; the dialer may be dropped
    virtual void on_unreachable(const std::string& cause) = 0;

   protected:
    ~Owner() = default;
  };

  Dialer(io::Loop& loop, SessionSet& sessions, Owner& owner);
  ~Dialer() { give_up(); }

  // One address or more. `expected`: the only id that is accepted there.
  void reach(std::vector<base::HostPort> addresses, std::optional<PeerId> expected);
  bool busy() const { return busy_; }
  void give_up();

  const base::HostPort& address() const { return address_; } // the last that was tried, or reached
  // Who had another id than the expected one, in this attempt.
  struct Impostor {
    io::Endpoint at;
    PeerId id;
  };
  const std::optional<Impostor>& impostor() const { return impostor_; }

 private:
  void next();
  void on_found(std::vector<io::Endpoint> endpoints, std::error_code failure);
  void try_endpoint(std::size_t secret);
  void on_deadline();

  void on_ready(Session& session) override;
  void on_message(Session&, const proto::Message&) override {}
  void on_closed(Session& session, const std::string& cause) override;

  SessionSet& sessions_;
  Owner& owner_;
  io::Resolver resolver_;
  io::Timer deadline_;
  bool busy_ = false;
  std::optional<PeerId> expected_;
  std::optional<Impostor> impostor_;
  std::deque<base::HostPort> addresses_; // still to be looked up
  base::HostPort address_;
  std::deque<io::Endpoint> endpoints_; // the one that is tried, and those still to be
  std::size_t secret_ = 0;             // the place of the one that it is tried with
  Session* trying_ = nullptr;
  std::string cause_; // of the last failure
};

} // namespace p2pd::net

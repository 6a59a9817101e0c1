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

 private:
  void next();
  void on_found(std::vector<io::Endpoint> endpoints, std::error_code failure);
  void try_endpoint();
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
  std::deque<base::HostPort> addresses_; // still to be looked up
  std::deque<io::Endpoint> endpoints_;   // still to be tried
  Session* trying_ = nullptr;
  std::string cause_; // of the last failure
};

} // namespace p2pd::net

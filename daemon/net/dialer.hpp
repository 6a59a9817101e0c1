// Reaches one node that may be at any of several addresses: looks names up and tries the addresses
// in parallel, as a DialSchedule says. The first whose handshake is done wins, the others are
// dropped. It ends with a ready session, or with what became of every address. Loop thread only;
// dropping it gives the attempt up.
#pragma once

#include "daemon/io/resolver.hpp"
#include "daemon/net/dial_schedule.hpp"
#include "daemon/net/session_set.hpp"

namespace p2pd::net {

// An address that was tried in vain.
struct Attempt {
  std::string address; // "host:port", and behind a name the address that it led to
  std::string error;
  std::optional<PeerId> who; // answered there, if anybody did
  bool unresolved = false;   // it is a name without an address
};
using Attempts = std::vector<Attempt>;

// Each address with its error; `cause` where there are none.
std::string to_text(const Attempts& attempts, const std::string& cause);
std::string_view to_text(DialLedger::Answer answer); // why an address is not dialled
// There are some, and all failed for want of an address.
bool unresolved(const Attempts& attempts);

class Dialer final : private SessionListener {
 public:
  class Owner {
   public:
    virtual void on_reached(Session& session) = 0; // listen to it now; the dialer may be dropped
    virtual void on_unreachable(const std::string& cause) = 0;
    // The first attempt has failed or takes long, the others go on: the moment to try other ways
    // beside this one. Once at most; the dialer may not be dropped.
    virtual void on_delayed() {}

   protected:
    ~Owner() = default;
  };

  Dialer(io::Loop& loop, SessionSet& sessions, Owner& owner, Purpose purpose = Purpose::peer);
  ~Dialer();

  // One address or more. `expected`: the only id that is accepted there. `told_by`: who told of
  // them, as the DialLedger has it, which then bounds the attempts; nothing: people did.
  using Teller = std::optional<std::uint64_t>;
  void reach(std::vector<base::HostPort> addresses, std::optional<PeerId> expected,
             Teller told_by = {});
  bool busy() const { return busy_; }
  // One address has proved to be the node's; what is left is its hello.
  bool has_proved() const { return schedule_.has_proved(); }
  void give_up();

  const base::HostPort& address() const { return address_; } // the one that was reached
  // What was tried in vain since reach(); it stays until the next.
  const std::vector<Attempt>& attempts() const { return attempts_; }
  // Who had another id than the expected one, in this attempt.
  struct Impostor {
    io::Endpoint at;
    PeerId id;
  };
  const std::optional<Impostor>& impostor() const { return impostor_; }

 private:
  struct Try {
    base::HostPort address;
    io::Endpoint endpoint;
    std::size_t secret = 0; // the place of the one that it is tried with
    Session* session = nullptr;
  };
  struct LookUp; // of one name

  void found(LookUp& look_up, const std::vector<io::Endpoint>& endpoints, std::error_code failure);
  void add(const base::HostPort& address, const io::Endpoint& endpoint, std::size_t rank);
  void advance();
  bool is_crowded() const;
  bool admits(std::size_t which, io::Time now);
  void start(std::size_t which, std::size_t secret);
  void settle(const Try& attempt, DialLedger::Outcome outcome);
  void drop(std::size_t which, DialLedger::Outcome outcome = DialLedger::Outcome::withdrawn);
  void note(std::string address, const std::string& error, std::optional<PeerId> who = {});
  std::optional<std::size_t> try_of(const Session& session) const;

  void on_established(Session& session) override;
  void on_ready(Session& session) override;
  void on_message(Session&, const proto::Message&) override {}
  void on_closed(Session& session, const std::string& cause) override;

  io::Loop& loop_;
  SessionSet& sessions_;
  Owner& owner_;
  const Purpose purpose_;
  io::Timer timer_;
  bool busy_ = false;
  std::optional<PeerId> expected_;
  Teller told_by_;
  std::optional<Impostor> impostor_;
  std::vector<std::unique_ptr<LookUp>> look_ups_; // that are not answered yet
  DialSchedule schedule_;
  std::vector<Try> tries_; // numbered as in the schedule
  base::HostPort address_;
  std::vector<Attempt> attempts_;
};

} // namespace p2pd::net

// Connects to a node that has several possible addresses: resolves names and tries the addresses in
// parallel, as scheduled by DialSchedule. The first that completes the handshake wins and the
// others are dropped. The result is a ready session, or the error of every address. Loop thread
// only; dropping the dialer cancels the attempt.
#pragma once

#include "daemon/io/resolver.hpp"
#include "daemon/net/dial_schedule.hpp"
#include "daemon/net/session_set.hpp"

namespace p2pd::net {

// A failed attempt.
struct Attempt {
  std::string address; // "host:port"; for a name, followed by the address it resolved to
  std::string error;
  std::optional<PeerId> who; // the id that answered there, if any
  bool unresolved = false;   // the name could not be resolved
};
using Attempts = std::vector<Attempt>;

// Each address with its error; `cause` if there are none.
std::string to_text(const Attempts& attempts, const std::string& cause);
std::string_view to_text(DialLedger::Answer answer); // why an address is not dialled
// There are attempts, and all failed because names could not be resolved.
bool unresolved(const Attempts& attempts);

class Dialer final : private SessionListener {
 public:
  class Owner {
   public:
    virtual void on_reached(Session& session) = 0; // listen to it now; the dialer may be dropped
    virtual void on_unreachable(const std::string& cause) = 0;
    // The first attempt has failed or is slow; the others go on. The moment to try other ways as
    // well. At most once; the dialer must not be dropped here.
    virtual void on_delayed() {}

   protected:
    ~Owner() = default;
  };

  Dialer(io::Loop& loop, SessionSet& sessions, Owner& owner, Purpose purpose = Purpose::peer);
  ~Dialer();

  // At least one address. `expected`: the only accepted id. `told_by`: the announcer, for the
  // limits of the DialLedger; nothing: the addresses come from the config or a person.
  using Teller = std::optional<std::uint64_t>;
  void reach(std::vector<base::HostPort> addresses, std::optional<PeerId> expected,
             Teller told_by = {});
  bool busy() const { return busy_; }
  // The node has been authenticated at one of the addresses; its hello is still to come.
  bool has_proved() const { return schedule_.has_proved(); }
  void give_up();

  const base::HostPort& address() const { return address_; } // the one where the node was reached
  // The failed attempts since reach(); kept until the next.
  const std::vector<Attempt>& attempts() const { return attempts_; }
  // The node that answered with another id than expected, in this attempt.
  struct Impostor {
    io::Endpoint at;
    PeerId id;
  };
  const std::optional<Impostor>& impostor() const { return impostor_; }

 private:
  struct Try {
    base::HostPort address;
    io::Endpoint endpoint;
    std::size_t secret = 0; // the index of the secret in use
    Session* session = nullptr;
  };
  struct LookUp; // for one name

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
  std::vector<std::unique_ptr<LookUp>> look_ups_; // pending
  DialSchedule schedule_;
  std::vector<Try> tries_; // numbered as in the schedule
  base::HostPort address_;
  std::vector<Attempt> attempts_;
};

} // namespace p2pd::net

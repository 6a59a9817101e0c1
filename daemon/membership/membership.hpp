// The network and the trackers that this peer belongs to: `p2pctl join`, `connect` and `disconnect`
// change them at once and persistently. Loop thread only.
#pragma once

#include "daemon/membership/tracker_names.hpp"
#include "proto/join_token.hpp"

#include <filesystem>

namespace p2pd::membership {

using library::Failure;

class Membership final {
 public:
  Membership(io::Loop& loop, net::SessionSet& sessions, state::StateDb& state, Trackers& trackers,
             Bans& bans);
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  void restore(const std::vector<state::TrackerRecord>& records); // the trackers that were joined
  // The trackers of the config, replacing those that it named before; dials all of them if this
  // node is a member. `p2pctl join` writes the secret to the file.
  void configure(const std::vector<base::TrackerAddress>& trackers,
                 const std::filesystem::path& secret_file);
  // Lifts the bans of trackers that no user chose, once the ids of all chosen ones are known.
  void sort_bans();
  void stop() {
    keeping_.drop();
    names_.stop();
  }

  // `done` is called when secret and tracker are durable, and connecting has succeeded, failed or
  // timed out.
  using Done = std::function<void(const TrackerLink&)>;
  using Refused = std::function<void(const Failure&)>;
  void join(const proto::JoinToken& token, const Done& done, const Refused& refused);
  void connect(const base::TrackerAddress& address, const Done& done, const Refused& refused);
  // By address or prefix of the id; "": all.
  using Left = std::function<void(const std::vector<KnownTracker>&)>;
  void disconnect(std::string_view word, const Left& left, const Refused& refused);

 private:
  void start();                           // once this node is a member
  KnownTracker remove(TrackerLink& link); // returns what it was
  void enter(KnownTracker tracker, const Done& done, const Refused& refused);
  lookup::ChosenNode find(std::string_view word) const;

  io::Loop& loop_;
  net::SessionSet& sessions_;
  state::StateDb& state_;
  Trackers& trackers_;
  Bans& bans_;
  TrackerNames names_;
  std::vector<base::TrackerAddress> configured_;
  std::filesystem::path secret_file_;
  io::Job keeping_; // writes the secret to the disk
};

} // namespace p2pd::membership

// One command that runs: what it was given, and where its answer goes. A handler keeps it for as
// long as it works; the client may be gone by then, and the answer falls away. Loop thread only.
#pragma once

#include "proto/control/control_messages.hpp"

#include <functional>
#include <memory>

namespace p2pd::control {

using proto::ControlError;
using proto::ExitCode;
using proto::Value;

class Call {
 public:
  explicit Call(Value params) : params_(std::move(params)) {}
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Value& params() const { return params_; }
  std::string text(std::string_view key) const; // "" where it was not given
  bool flag(std::string_view key) const;        // false where it was not given

  // Any number, before the one answer. False: the client reads too slowly, or not at all any more,
  // and this one was left out.
  virtual bool event(Value body) = 0;
  virtual bool room() const = 0; // for an event that nobody may miss
  virtual void ok(Value body) = 0;
  // The same where there is much to answer: `body` runs on a thread of the pool, and owns what it
  // works on.
  virtual void ok_from_pool(std::function<Value()> body) = 0;
  virtual void error(const ControlError& error) = 0;
  virtual bool gone() const = 0; // nobody waits for the answer any more

 private:
  Value params_;
};

using CallPtr = std::shared_ptr<Call>;
using Handler = std::function<void(CallPtr)>;

} // namespace p2pd::control

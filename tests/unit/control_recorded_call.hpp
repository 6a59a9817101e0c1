// A call without a client: it records what a handler answers.
#pragma once

#include "daemon/control/call.hpp"

#include <gtest/gtest.h>
#include <optional>

namespace p2pd::control {

class RecordedCall final : public Call {
 public:
  using Call::Call;

  bool event(Value body) override {
    if (slow) return false;
    events.push_back(std::move(body));
    return true;
  }
  bool room() const override { return !slow; }
  void ok(Value body) override {
    EXPECT_FALSE(answered()) << "it was answered before";
    result = std::move(body);
  }
  void ok_from_pool(std::function<Value()> body) override { ok(body()); }
  void error(const ControlError& error) override {
    EXPECT_FALSE(answered()) << "it was answered before";
    failure = error;
  }
  bool gone() const override { return left; }

  bool answered() const { return result || failure; }

  std::vector<Value> events;
  std::optional<Value> result;
  std::optional<ControlError> failure;
  bool slow = false; // the client does not read
  bool left = false; // it has hung up
};

inline std::shared_ptr<RecordedCall> recorded_call(Value params = {}) {
  return std::make_shared<RecordedCall>(std::move(params));
}

} // namespace p2pd::control

#include "daemon/control/call.hpp"

namespace p2pd::control {

std::string Call::text(std::string_view key) const {
  const Value& value = params_[key];
  return value.is_null() ? std::string() : value.text();
}

bool Call::flag(std::string_view key) const {
  const Value& value = params_[key];
  return !value.is_null() && value.boolean();
}

} // namespace p2pd::control

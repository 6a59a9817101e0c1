#include "ctl/render/cells.hpp"

#include "ctl/render/text.hpp"
#include "ctl/render/units.hpp"

#include <charconv>
#include <cmath>
#include <ctime>
#include <type_traits>

namespace p2pd::ctl {

namespace {

using proto::Value;

// The shortest digits that round-trip, independent of the locale.
std::string digits_of(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number);
  return {text, end.ptr};
}

// Whole seconds, else milliseconds: nothing finer is measured.
std::string seconds_of(double seconds) {
  return digits_of(std::round(seconds * 1000) / 1000);
}

Cell missing() {
  return {"-", "", Tint::faint};
}

} // namespace

std::optional<double> real_of(const Value& value) {
  return value.visit([](const auto& held) -> std::optional<double> {
    using Held = std::decay_t<decltype(held)>;
    if constexpr (std::is_arithmetic_v<Held> && !std::is_same_v<Held, bool>)
      return static_cast<double>(held);
    else
      return std::nullopt;
  });
}

std::optional<std::uint64_t> natural_of(const Value& value) {
  return value.visit([](const auto& held) -> std::optional<std::uint64_t> {
    using Held = std::decay_t<decltype(held)>;
    if constexpr (std::is_arithmetic_v<Held> && !std::is_same_v<Held, bool>) {
      constexpr double beyond = 18446744073709551616.0; // 2^64
      if (!(held >= 0) || static_cast<double>(held) >= beyond) return std::nullopt;
      return static_cast<std::uint64_t>(held);
    } else {
      return std::nullopt;
    }
  });
}

bool is_true(const Value& value) {
  return value == Value(true);
}

std::string text_of(const Value& value) {
  return value.visit([&value](const auto& held) -> std::string {
    using Held = std::decay_t<decltype(held)>;
    if constexpr (std::is_same_v<Held, bool>) {
      return held ? "true" : "false";
    } else if constexpr (std::is_same_v<Held, double>) {
      return digits_of(held);
    } else if constexpr (std::is_arithmetic_v<Held>) {
      return std::to_string(held);
    } else if constexpr (std::is_same_v<Held, std::string> || std::is_same_v<Held, proto::Bytes>) {
      return safe(value.text());
    } else if constexpr (std::is_same_v<Held, Value::Array>) {
      std::string text;
      for (const Value& element : held) text += (text.empty() ? "" : ",") + text_of(element);
      return text;
    } else {
      return "";
    }
  });
}

const Value::Array& list_of(const Value& value) {
  static const Value::Array none;
  return value.visit([](const auto& held) -> const Value::Array& {
    if constexpr (std::is_same_v<std::decay_t<decltype(held)>, Value::Array>)
      return held;
    else
      return none;
  });
}

Cell text_cell(const Value& value) {
  std::string text = text_of(value);
  if (text.empty()) return missing();
  return {text, text};
}

Cell path_cell(const Value& path) {
  Cell cell = text_cell(path);
  cell.keep = Keep::back;
  return cell;
}

Cell size_cell(const Value& bytes) {
  const auto number = natural_of(bytes);
  return number ? Cell{human_size(*number), std::to_string(*number)} : missing();
}

Cell rate_cell(const Value& bytes_per_second) {
  const auto number = natural_of(bytes_per_second);
  return number ? Cell{human_rate(*number), std::to_string(*number)} : missing();
}

Cell duration_cell(const Value& seconds) {
  const auto number = real_of(seconds);
  return number ? Cell{human_duration(*number), seconds_of(*number)} : missing();
}

Cell milliseconds_cell(const Value& milliseconds) {
  const auto number = real_of(milliseconds);
  return number ? Cell{human_milliseconds(*number), digits_of(*number)} : missing();
}

Cell age_cell(const Value& time) {
  Cell cell = text_cell(time);
  std::tm parts{};
  const char* const end = ::strptime(cell.plain.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end != nullptr && *end == '\0')
    cell.text = human_age(std::difftime(std::time(nullptr), ::timegm(&parts)));
  return cell;
}

Cell state_cell(const Value& state) {
  Cell cell = text_cell(state);
  if (cell.plain == "connected" || cell.plain == "done" || cell.plain == "ok")
    cell.tint = Tint::good;
  else if (cell.plain == "refused" || cell.plain == "failed" || cell.plain == "fail")
    cell.tint = Tint::bad;
  else if (!cell.plain.empty())
    cell.tint = Tint::busy;
  return cell;
}

} // namespace p2pd::ctl

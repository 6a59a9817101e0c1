// What an errno says about something that could not be opened, read, written or examined. That it
// is gone is a fact, as is that it differs, which a hash or an identity says and no errno.
// Everything that may pass by itself is no verdict: it is retried later.
//
// Thread: any; pure.
#pragma once

#include <cstdint>

namespace p2pd::disk {

enum class Meaning : std::uint8_t {
  gone,      // it does not exist; its disk may be unmounted
  exhausted, // this process or machine has run out of a resource
  no_room,   // on its file system, or by a quota
  barred,    // its device or server fails, or permission is missing: for now
  lasting    // somebody has to act: its name, its type, a limit on sizes
};

Meaning meaning_of(int error_number);

constexpr bool passes(Meaning meaning) {
  return meaning == Meaning::exhausted || meaning == Meaning::no_room || meaning == Meaning::barred;
}

} // namespace p2pd::disk

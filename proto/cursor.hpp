// Where a page of a list ends that is in the order of ids: the last id of the page before, as its
// bytes; "" before the first page. Thread: any; pure.
#pragma once

#include "proto/error.hpp"
#include "proto/ids.hpp"

#include <algorithm>

namespace p2pd::proto {

template <class Id>
std::string cursor_behind(const Id& id) {
  return std::string(text(id.bytes));
}

// Whether the id stands behind the cursor. Throws Error where that is none.
template <class Id>
bool is_behind(std::string_view cursor, const Id& id) {
  if (cursor.empty()) return true;
  if (cursor.size() != id.bytes.size()) throw Error("a malformed cursor");
  return std::ranges::lexicographical_compare(view(cursor), id.bytes);
}

} // namespace p2pd::proto

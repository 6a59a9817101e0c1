// The tables of the state database, and how each version came out of the one before.
// Thread: any, one at a time. Blocking. Errors: throws SqlError; EPROTO for a newer version.
#pragma once

#include "daemon/state/sqlite.hpp"

namespace p2pd::state {

// Makes the tables of the present version out of those of any earlier one, or of none.
void migrate(Database& database);

int present_version();

} // namespace p2pd::state

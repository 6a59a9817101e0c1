// What there is to know of a transfer, while it runs and after: for people, and for the state
// database, from which it is read again after a restart. Thread: any; values only.
#pragma once

#include "daemon/io/loop.hpp"
#include "daemon/library/library.hpp"
#include "daemon/state/state.hpp"

namespace p2pd::transfer {

using library::Failure;
using proto::ContentId;

enum class TransferState : std::uint8_t { queued, running, paused, done, failed };
enum class Stage : std::uint8_t { locate, manifest, prepare, fetch, finish };
std::string_view to_text(TransferState state);
std::string_view to_text(Stage stage);

struct TransferRequest {
  std::uint64_t id = 0;
  ContentId content;
  std::string name;
  std::string destination; // absolute; ends with '/' where it is a folder to put it in
  bool force = false;
  bool in_order = false;
  bool no_wait = false;    // fails when no source has what is missing
  bool repair = false;     // of what is at the destination already
  bool unattended = false; // nobody waits for it who could be told what fails, so it rather waits
  // Whose claim of the name it follows; nothing where it was named by its id, or nobody claims it.
  std::optional<proto::PeerId> publisher = std::nullopt;
  std::vector<std::string> from; // the only peers to ask; none: everybody
  std::vector<std::string> only; // of a tree: globs of the files to fetch; none: all
};

// What each source has given.
struct SourceShare {
  proto::PeerId id;
  std::string name;
  std::uint64_t bytes = 0;
};

struct TransferRow {
  TransferRequest request;
  TransferState state = TransferState::queued;
  Stage stage = Stage::locate;
  std::uint64_t size = 0; // of what is wanted
  // As trackers told of it, where it was chosen by its name; 0: not known. Not kept.
  std::uint64_t told_size = 0;
  std::uint64_t done_bytes = 0;
  double rate = 0; // bytes per second, lately
  std::size_t sources = 0;
  std::vector<SourceShare> shares;
  std::string path;     // where it will lie, or does
  bool already = false; // the same content was there
  bool again = false;   // it was tried before: by an earlier run, or by one that failed
  Failure failure;      // why it failed, or waits by itself
  std::string kept;     // where what p2pd had not written in its place lies
  std::string warning;  // others claim its name, or call themselves like its publisher
  std::string hook;     // what became of the program that its end starts; "": there is none
  io::Time started = io::Clock::now();
  io::Time ended{};

  bool over() const { return state == TransferState::done || state == TransferState::failed; }
};

state::TransferRecord record_of(const TransferRow& row);
TransferRow row_of(const state::TransferRecord& record);

} // namespace p2pd::transfer

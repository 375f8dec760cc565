// Tells the thread sanitizer the order between fork, task and join: oneTBB, built without it, keeps that order unseen.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}
#endif

namespace simhost::engine {

// What this thread has done is seen by whoever takes over at the same address. Nothing without the sanitizer.
inline void hand_over([[maybe_unused]] const void* address) noexcept {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(const_cast<void*>(address));
#endif
}

inline void take_over([[maybe_unused]] const void* address) noexcept {
#if defined(__SANITIZE_THREAD__)
  __tsan_acquire(const_cast<void*>(address));
#endif
}

}  // namespace simhost::engine

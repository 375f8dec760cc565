/* A library of somebody else's that a plugin has no business to need. */
int friend_answer(void);
int friend_answer(void) { return 42; }

"""The rules of the method, pure: values in, values out; no words, no clock, no input or output."""

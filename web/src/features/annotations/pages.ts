/** The page of annotations and their dialogs: loaded when the first of them is opened. */
export { AnnotationDialogs } from './AnnotationDialogs';
export { Annotations } from './Annotations';
